//! The header `Idempotency-Key`, as the documentation tells it.

use utoipa::IntoParams;

/// For writes that shall not be done twice.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct OnceHeader {
    /// The same key with the same request gets the same answer for 24 hours, and nothing is done twice.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 255, example = "0192f5c0-7a3b")]
    pub key: Option<String>,
}
