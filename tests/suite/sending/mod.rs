//! Queued messages on their way out.

mod chaos;
mod email;
mod engine;
mod outbox;
mod rules;
mod wreck;
