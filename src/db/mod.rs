//! The one door to the database.

mod door;
pub mod embedded;
pub mod migrate;

pub use door::{Db, DbError};
