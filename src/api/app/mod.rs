//! `/api/app/v1`: members' native apps.

pub mod card;
pub mod codes;
pub mod contact_changes;
pub mod coupon_json;
pub mod coupons;
pub mod document;
pub mod groups;
pub mod me;
pub mod member;
pub mod push_subscriptions;
mod routes;
pub mod sign_in_codes;
pub mod sign_ins;
pub mod token;

pub use document::AppDocument;
pub use routes::apps;
