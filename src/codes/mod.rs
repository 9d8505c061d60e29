//! Codes: the texts that stand for coupons.

pub mod alphabet;
pub mod barcode;
pub mod batch;
pub mod counts;
pub mod export;
pub mod generate;
pub mod guess_risk;
pub mod history;
pub mod index;
pub mod list;
pub mod new;
pub mod owner;
pub mod prepare;
pub mod show;
pub mod state;
pub(crate) mod store;
pub mod text;

pub use prepare::{PrepareError, prepare};
