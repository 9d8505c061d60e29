//! The member app.

pub mod card;
pub mod code;
pub mod contact_change;
pub mod coupon;
pub mod coupon_link;
mod coupon_row;
pub mod coupons;
pub mod delete_account;
pub mod error_page;
pub mod groups;
pub mod home;
pub mod leave;
pub mod manifest;
pub mod membership;
pub mod notifications;
pub mod one_time_code;
mod preview_bot;
pub mod profile;
pub mod service_worker;
pub mod sign_in;
pub mod sign_in_code;
pub mod sign_out;
pub mod test_coupon;
pub mod unsubscribe;
