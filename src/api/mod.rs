//! How other programs speak to Muster: tills, native apps, the back office.

pub mod address;
pub mod app;
pub mod call;
pub mod docs;
pub mod etag;
pub mod guard;
pub mod idempotency;
mod json;
mod key;
pub mod office;
mod once_header;
pub mod pos;
mod problem;
pub mod problem_codes;
mod rate_limit;

pub use call::Call;
pub use json::{Json, OptionalJson};
pub use key::{ApiKey, Caller, Scope};
pub use once_header::OnceHeader;
pub use problem::{ApiError, ApiResult, FieldProblem, Problem, bad_limit, invalid};
pub use rate_limit::RateLimits;
