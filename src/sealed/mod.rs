//! Secrets at rest: sealed with keys that are configured, so that who reads the database alone reads none of them.

pub mod columns;
mod keys;
pub mod reseal;

pub use columns::SealedColumn;
pub use keys::{Keys, NotAKey, Unreadable};
