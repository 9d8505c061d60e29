//! **User support**: an agent, a member on the phone, and ten seconds.

pub mod block;
pub mod card;
pub mod choice;
pub mod content;
pub mod event;
pub mod find;
pub mod groups;
pub mod history;
pub mod lookup;
pub mod show;
pub mod telling;
pub mod told;
