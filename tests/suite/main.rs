//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod app;
mod code_entry;
mod embedded;
mod schema;
mod sessions;
mod support;
