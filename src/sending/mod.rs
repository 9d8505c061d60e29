//! The queue of messages on its way out: who may go now, handing over, what came of it, trying again.

mod answer;
mod bulk;
mod channel_row;
mod hand_over;
mod health;
mod key;
mod lane;
mod lease;
mod link;
pub mod null;
mod once;
pub mod pick;
mod rate;
mod sender;
mod threads;
mod transports;
mod verdict;

pub use bulk::{settle_next, sweep_uncertain};
pub use channel_row::ChannelRow;
pub use key::key_sql;
pub use lane::Lane;
pub use once::run_once;
pub use sender::send_all;
pub use threads::run;
pub use transports::transport_of;
