//! The first page.

pub mod health;
pub mod index;
