//! The one door to the database.

mod door;
pub mod embedded;
mod kept;
pub mod migrate;

pub use door::{Db, DbError};
pub use kept::Kept;
