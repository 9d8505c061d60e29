//! Campaigns reaching members.

mod again;
mod begin;
pub mod chunk;
pub mod closing;
pub mod downtime;
pub mod expiry;
mod given_back;
mod hand_out;
pub mod housekeeping;
pub mod issue;
pub mod issue_many;
pub mod late;
pub mod ledger;
pub mod message;
pub mod message_state;
mod messages;
pub mod one;
pub mod outbox;
mod outbox_list;
mod plan;
mod receivers;
mod reminder_text;
pub mod reminders;
mod rows;
pub mod skip;
pub mod state;
mod terms;
pub mod worker;

pub use ledger::Ledger;
pub use skip::Skip;
pub use state::DeliveryState;
