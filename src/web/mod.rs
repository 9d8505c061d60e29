//! What every page shares.

pub mod local_time;
pub mod money;
pub mod number;
pub mod period;
pub mod text;
