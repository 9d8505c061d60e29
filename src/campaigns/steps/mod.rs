//! The wizard: a page a step.

pub mod step;

pub use step::Step;
