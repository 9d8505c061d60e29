//! Review → **Dry run**: every receiver's message made and counted, and none sent.

pub mod chunk;
mod estimate;
pub mod page;
mod render;
mod report;
mod run;
mod words;

pub use estimate::Estimate;
pub use page::DryRunPart;
pub use report::Report;
pub use run::DryRun;
