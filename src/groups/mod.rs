//! User groups.

pub mod coverage;
pub mod coverage_of;
pub mod coverage_words;
pub mod group;
pub mod kind;

pub use group::{GroupRow, MemberGroup};
pub use kind::{GroupKind, GroupState};
