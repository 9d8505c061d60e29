//! Campaigns reaching members.

mod issuing;
mod joining;
mod kinds;
mod outbox;
mod races;
mod workers;
