//! Queued messages on their way out.

mod outbox;
mod rules;
