//! What tests are made of.

mod database;
mod scratch;

pub use database::TestDatabase;
pub use scratch::scratch;
