//! Muster: a dashboard for loyalty and membership programmes.

pub mod db;
