//! Members' stays in groups.

pub mod checks;
pub mod code_entry;
pub mod many;
pub mod membership;
pub mod refusal;
pub mod situation;
pub mod source;

pub use code_entry::{Entry, enter};
pub use membership::{Revision, join, leave, revise};
pub use refusal::Refusal;
pub use source::Source;
