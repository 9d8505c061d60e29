//! Who did what: a hash-chained log, written within the transaction of the act; Settings → **Audit log**.

mod changes;
mod entry;
pub mod export;
pub mod index;
mod list;
pub mod show;
pub mod verification;
mod verify;

pub use entry::{Actor, Change, Subject, append};
pub use verify::{Head, first_broken_entry, head, link};
