//! User groups.

pub mod coverage;
pub mod coverage_words;
