//! Campaigns reaching members.

pub mod chunk;
mod hand_out;
pub mod housekeeping;
pub mod issue;
mod late;
pub mod message;
pub mod message_state;
pub mod outbox;
mod outbox_list;
mod plan;
mod rows;
pub mod skip;
pub mod state;
pub mod worker;

pub use skip::Skip;
pub use state::DeliveryState;
