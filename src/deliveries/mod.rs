//! Campaigns reaching members.

pub mod issue;
pub mod worker;
