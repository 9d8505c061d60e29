//! Campaigns: offers and messages with a time frame and receivers.

pub mod audience;
pub mod audience_sql;
pub mod channel;
pub mod gtin;
pub mod image;
pub mod sms_parts;
pub mod sms_sender;
pub mod status;

pub use audience::{Audience, AudienceMember, Part, Reach};
pub use channel::Channel;
pub use status::{Marks, Status};
