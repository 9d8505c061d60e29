//! Members' stays in groups.

pub mod membership;
pub mod source;

pub use membership::{Revision, join, leave, revise};
pub use source::Source;
