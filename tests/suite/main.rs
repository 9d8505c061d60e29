//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audience;
mod browser;
mod codes;
mod deliveries;
mod embedded;
mod schema;
mod sessions;
mod support;
