//! Dashboard users.

pub mod password;
