//! Muster: a self-hosted dashboard for loyalty and membership programmes.

pub mod codes;
pub mod groups;
pub mod web;
