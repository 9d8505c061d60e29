//! What every page shares.

pub mod money;
pub mod number;
pub mod text;
