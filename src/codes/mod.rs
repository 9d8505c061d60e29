//! Codes: the texts that stand for coupons.

pub mod alphabet;
pub mod barcode;
pub mod batch;
pub mod generate;
pub mod guess_risk;
pub mod prepare;
mod store;
pub mod text;

pub use prepare::{PrepareError, prepare};
