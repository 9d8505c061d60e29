//! The one test program.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod app;
mod audience;
mod audit;
mod bad_input;
mod browser;
mod campaigns;
mod code_entry;
mod codes;
mod command;
mod deliveries;
mod demo;
mod embedded;
mod groups;
mod members;
mod overview;
mod schema;
mod security;
mod seed;
mod sessions;
mod settings;
mod support;
mod support_pages;
mod tills;
