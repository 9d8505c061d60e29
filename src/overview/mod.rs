//! The first page.

pub mod attention;
pub mod figures;
pub mod health;
pub mod index;
