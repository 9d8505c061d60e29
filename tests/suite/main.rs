//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod browser;
mod campaigns;
mod embedded;
mod schema;
mod sessions;
mod support;
