//! A request's body as JSON; whatever is wrong with it is told as a problem document.

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::problem::{ApiError, FieldProblem};
use crate::error::AppError;

/// Longest body that an endpoint takes, unless it says otherwise.
const MAX: usize = 256 * 1024;

/// What was sent, and its bytes as they came (an Idempotency-Key holds for these very bytes).
pub struct Json<T> {
    /// As read.
    pub sent: T,
    /// As it came.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (is_json, body) = (is_json(req), actix_web::web::Payload::from_request(req, payload));
        Box::pin(async move {
            if !is_json {
                return Err(no_json());
            }
            let bytes = all(body.await).await?;
            read(&bytes).map(|sent| Self { sent, bytes })
        })
    }
}

/// The same where the body may be left out.
pub struct OptionalJson<T> {
    /// As read; without a body, the default.
    pub sent: T,
    /// As it came.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + Default + 'static> FromRequest for OptionalJson<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (is_json, body) = (is_json(req), actix_web::web::Payload::from_request(req, payload));
        Box::pin(async move {
            let bytes = all(body.await).await?;
            match (bytes.is_empty(), is_json) {
                (true, _) => Ok(Self { sent: T::default(), bytes }),
                (false, false) => Err(no_json()),
                (false, true) => read(&bytes).map(|sent| Self { sent, bytes }),
            }
        })
    }
}

fn is_json(req: &HttpRequest) -> bool {
    req.headers().get("content-type").and_then(|value| value.to_str().ok()).is_some_and(|value| {
        let kind = value.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/json")
    })
}

fn no_json() -> ApiError {
    ApiError::bad_request("Send JSON, with Content-Type: application/json.")
}

async fn all(body: Result<actix_web::web::Payload, actix_web::Error>) -> Result<Bytes, ApiError> {
    let body = body.map_err(|_| ApiError::bad_request("The body could not be read."))?;
    let bytes = body
        .to_bytes_limited(MAX)
        .await
        .map_err(|_| ApiError::from(AppError::TooLarge(format!("Send at most {} KiB.", MAX / 1024))))?;
    bytes.map_err(|_| ApiError::bad_request("The body could not be read to its end."))
}

/// Zero bytes are refused here, once: no text of ours may have one.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value: serde_json::Value =
        serde_json::from_slice(bytes).map_err(|error| ApiError::bad_request(format!("This is no JSON: {error}.")))?;
    if has_zero(&value) {
        return Err(ApiError::bad_request("A text has a zero byte in it."));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let field = error.path().to_string().replace('.', "/");
        ApiError::invalid(vec![FieldProblem::new(field, error.into_inner().to_string())])
    })
}

fn has_zero(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::String(text) => text.contains('\0'),
        serde_json::Value::Array(values) => values.iter().any(has_zero),
        serde_json::Value::Object(fields) => fields.iter().any(|(key, value)| key.contains('\0') || has_zero(value)),
        _ => false,
    }
}
