//! Signing in by an OpenID Connect provider: authorization code with PKCE, state and nonce bound to the visitor.

pub mod args;
pub mod arrive;
pub mod attempt;
pub mod begin;
pub mod callback;
pub mod claims;
pub mod endpoint;
pub mod identity;
pub mod link;
pub mod provider;
pub mod refused;
pub mod role_map;
pub mod unlink;

pub use args::{OpenIdArgs, OpenIdConfig};
pub use provider::Provider;
