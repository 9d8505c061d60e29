//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod audience;
mod browser;
mod deliveries;
mod embedded;
mod members;
mod schema;
mod sessions;
mod support;
mod support_pages;
