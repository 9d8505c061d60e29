//! Signing in and out.

pub mod arrival;
pub mod destroy;
pub mod device;
pub mod failed;
pub mod failed_log;
pub mod found;
pub mod new;
mod new_session;
pub mod pending;
pub mod reset;
pub mod reset_ask;
pub mod second_factor;
pub mod store;
pub mod tries;
pub mod visitor;

pub use device::Device;
pub use store::{Audience, SessionRows};
pub use visitor::{SignedIn, SignedInMember};
