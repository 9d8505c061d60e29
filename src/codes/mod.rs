//! Codes: the texts that stand for coupons.

pub mod alphabet;
pub mod barcode;
pub mod generate;
pub mod guess_risk;
pub mod prepare;
pub mod text;
