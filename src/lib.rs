//! Muster: a self-hosted dashboard for loyalty and membership programmes.

pub mod accounts;
pub mod campaigns;
pub mod codes;
pub mod groups;
pub mod members;
pub mod web;
