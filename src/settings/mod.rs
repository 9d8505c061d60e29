//! Settings of the organisation.

pub mod organisation;
pub mod public_url;
pub mod stylesheet;

pub use organisation::{Organisation, OrganisationHandle};
