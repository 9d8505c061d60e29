//! Dashboard users.

pub mod account;
pub mod password;

pub use account::{Credentials, NewAccount, Role};
