//! Signing in and out.

pub mod arrival;
pub mod destroy;
pub mod device;
pub mod found;
pub mod new;
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
