//! **Why did (not) this member get it?** The rules that decide, one by one, over one loaded situation.

pub mod audience_rules;
pub mod choose;
pub mod delivery_rules;
pub mod find;
pub mod group_past;
pub mod load;
pub mod message_past;
pub mod past;
pub mod rule;
pub mod running_rules;
pub mod show;
pub mod situation;
pub mod verdict;

pub use rule::{Check, Outcome, Rule, Teller};
pub use situation::{Moment, Situation};
pub use verdict::Verdict;
