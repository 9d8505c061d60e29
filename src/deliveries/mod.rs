//! Campaigns reaching members.

pub mod issue;
pub mod message;
pub mod worker;
