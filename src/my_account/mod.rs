//! **My account**: one's own name, password, second factor and sessions.

pub mod confirm;
pub mod name;
pub mod password;
pub mod recovery_codes;
pub mod second_factor;
pub mod second_factor_remove;
pub mod session_row;
pub mod sessions;
pub mod show;
