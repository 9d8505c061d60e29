//! Settings of the organisation.

pub mod api_keys;
pub mod general;
pub mod general_form;
pub mod lists;
pub mod organisation;
pub mod public_url;
pub mod stylesheet;
pub mod webhooks;
pub mod zone_change;

pub use organisation::{DateLanguage, Organisation, OrganisationHandle};
