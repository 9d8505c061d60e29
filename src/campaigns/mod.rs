//! Campaigns: offers and messages with a time frame and receivers.

pub mod gtin;
pub mod image;
pub mod sms_parts;
pub mod sms_sender;
