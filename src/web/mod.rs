//! What every page shares.

pub mod text;
