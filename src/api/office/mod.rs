//! `/api/v1`: the back office.

pub mod bulk;
pub mod campaigns;
pub mod codes;
pub mod deliveries;
mod delivery_report;
pub mod document;
pub mod events;
mod group_report;
pub mod groups;
pub mod member_json;
pub mod member_ref;
pub mod members;
pub mod members_bulk;
pub mod memberships_bulk;
mod report;
pub mod reports;
mod resolve;
mod routes;
mod validation_report;

pub use document::OfficeDocument;
pub use routes::office;
