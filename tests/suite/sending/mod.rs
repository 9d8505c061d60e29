//! Queued messages on their way out.

mod chaos;
pub mod email;
mod engine;
mod outbox;
mod rules;
mod wreck;
