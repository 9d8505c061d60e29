//! Campaigns reaching members.

mod held;
mod issuing;
mod joining;
mod kinds;
mod ledger;
mod outbox;
mod over;
mod quiet;
mod races;
mod workers;
