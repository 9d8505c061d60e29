//! Queued messages on their way out.

mod chaos;
mod outbox;
mod rules;
mod wreck;
