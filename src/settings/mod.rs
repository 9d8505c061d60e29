//! Settings of the organisation.

pub mod organisation;
pub mod stylesheet;

pub use organisation::{Organisation, OrganisationHandle};
