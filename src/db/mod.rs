//! The database.

pub mod embedded;
pub mod migrate;
