//! Codes: the texts that stand for coupons.

pub mod alphabet;
pub mod barcode;
pub mod batch;
pub mod batches;
pub mod batches_export;
mod check;
pub mod counts;
pub mod export;
pub mod generate;
pub mod guess_risk;
pub mod history;
mod history_words;
pub mod import;
pub mod index;
pub mod list;
pub mod low_stock;
pub mod mistyped;
pub mod new;
pub mod owner;
pub mod pattern;
pub mod prepare;
pub mod print;
mod rude;
pub mod show;
pub mod state;
pub mod stop_batch;
pub(crate) mod store;
mod template;
pub mod text;

pub use prepare::{PrepareError, prepare};
