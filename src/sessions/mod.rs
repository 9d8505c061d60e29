//! Signing in and out.

pub mod destroy;
pub mod new;
pub mod store;
pub mod visitor;

pub use store::{Audience, SessionRows};
pub use visitor::{SignedIn, SignedInMember};
