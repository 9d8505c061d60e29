//! `/api/pos/v1`: tills look up, reserve, validate, cancel and reverse.

mod call;
mod coupon_json;
pub mod document;
pub mod lookups;
mod names;
mod refused;
pub mod reservation_json;
pub mod reservations;
mod routes;
pub mod validations;

pub use coupon_json::{CampaignJson, CouponJson, MemberJson, MoneyJson, OfferJson, RemainingJson};
pub use document::PosDocument;
pub use routes::tills;
