//! The one door to the database.

mod door;
pub mod embedded;
mod kept;
pub mod migrate;
pub mod role;

pub use door::{Db, DbError};
pub use kept::Kept;
pub use role::APP_ROLE;
