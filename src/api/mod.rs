//! How other programs speak to Muster: tills, native apps, the back office.

pub mod guard;
pub mod idempotency;
mod json;
mod key;
mod problem;
mod rate_limit;

pub use json::Json;
pub use key::{ApiKey, Caller, Scope};
pub use rate_limit::RateLimits;
pub use problem::{ApiError, ApiResult, Problem};
