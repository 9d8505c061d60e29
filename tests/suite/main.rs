//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audience;
mod browser;
mod command;
mod deliveries;
mod demo;
mod embedded;
mod schema;
mod seed;
mod sessions;
mod support;
