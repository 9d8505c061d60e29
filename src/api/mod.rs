//! How other programs speak to Muster: tills, native apps, the back office.

pub mod guard;
pub mod idempotency;
mod json;
mod key;
pub mod pos;
mod problem;

pub use json::{Json, OptionalJson};
pub use key::{ApiKey, Caller, Scope};
pub use problem::{ApiError, ApiResult, FieldProblem, Problem};
