//! Codes: the texts that stand for coupons.

pub mod text;
