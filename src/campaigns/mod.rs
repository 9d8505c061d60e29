//! Campaigns: offers and messages with a time frame and receivers.

pub mod audience;
pub mod channel;
pub mod gtin;
pub mod image;
pub mod sms_parts;
pub mod sms_sender;
pub mod status;
pub mod valid_times;

pub use channel::Channel;
pub use status::{Marks, Status};
