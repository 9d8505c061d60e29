//! User groups.

pub mod coverage;
pub mod coverage_words;
pub mod kind;

pub use kind::{GroupKind, GroupState};
