//! Muster: a self-hosted dashboard for loyalty and membership programmes.

pub mod accounts;
pub mod api;
pub mod app;
pub mod audit;
pub mod campaigns;
pub mod channels;
pub mod clock;
pub mod codes;
pub mod config;
pub mod db;
pub mod deliveries;
pub mod demo;
pub mod error;
pub mod groups;
pub mod ids;
pub mod members;
pub mod memberships;
pub mod my_account;
pub mod openid;
pub mod overview;
pub mod passkeys;
pub mod routes;
pub mod schema;
pub mod sealed;
pub mod seed;
pub mod sending;
pub mod serve;
pub mod sessions;
pub mod settings;
pub mod support;
pub mod tills;
pub mod web;
pub mod webhooks;

pub use serve::{Muster, serve};
