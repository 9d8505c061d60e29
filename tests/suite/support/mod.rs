//! What tests are made of.

pub mod app;
pub mod browser;
mod database;
pub mod make;
pub mod page;
pub mod program;
mod scratch;
pub mod smtp;
pub mod visitor;

pub use app::TestApp;
pub use database::TestDatabase;
pub use program::Program;
pub use scratch::scratch;
