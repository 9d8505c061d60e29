//! The queue of messages on its way out: who may go now, handing over, what came of it, trying again.

mod bulk;
mod once;
mod pick;
mod verdict;

pub use bulk::{settle_next, sweep_uncertain};
pub use once::run_once;
