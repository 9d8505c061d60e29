//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod app;
mod audience;
mod browser;
mod code_entry;
mod deliveries;
mod embedded;
mod schema;
mod sessions;
mod support;
