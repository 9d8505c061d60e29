//! Campaigns reaching members.

pub mod chunk;
pub mod housekeeping;
pub mod issue;
mod late;
pub mod message;
mod plan;
mod rows;
pub mod worker;
