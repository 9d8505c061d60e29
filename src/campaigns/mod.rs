//! Campaigns: offers and messages with a time frame and receivers.

pub mod gtin;
pub mod image;
