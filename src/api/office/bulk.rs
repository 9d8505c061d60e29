//! Many rows in one call, as JSON or as a line of JSON each; each row gets its own result.

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::{ApiError, FieldProblem, invalid};
use crate::error::AppError;

/// Rows of one call.
pub const MOST: usize = 10_000;
/// Rows of one transaction.
pub const CHUNK: usize = 1_000;
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// One JSON value a line.
pub const LINES: &str = "application/x-ndjson";

/// What was sent.
pub struct Bulk<T> {
    /// Each as read, or what is wrong with it.
    pub rows: Vec<Result<T, String>>,
    /// Whether it came as lines.
    pub is_lines: bool,
}

/// What became of a row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowResultJson {
    /// Its place, from 0.
    #[schema(example = 0)]
    pub row: usize,
    /// What was done: added, changed, unchanged, joined, already_in, left, not_in; or refused.
    #[schema(example = "added")]
    pub status: &'static str,
    /// Member number; null: nobody.
    #[schema(example = 2654435761_i64)]
    pub member: Option<i64>,
    /// Of refused: a problem’s code.
    #[schema(example = "invalid")]
    pub code: Option<&'static str>,
    /// Of refused: why.
    #[schema(example = "phone: Enter a phone number with its country code, like +49 1512 3456789")]
    pub detail: Option<String>,
}

/// What became of all.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsJson {
    /// In the order of the rows.
    pub results: Vec<RowResultJson>,
}

impl RowResultJson {
    /// It was done.
    pub fn done(row: usize, status: &'static str, member: i64) -> Self {
        Self { row, status, member: Some(member), code: None, detail: None }
    }

    /// It was left alone.
    pub fn refused(row: usize, code: &'static str, detail: impl Into<String>) -> Self {
        Self { row, status: "refused", member: None, code: Some(code), detail: Some(detail.into()) }
    }

    /// It was left alone because of this.
    pub fn of_error(row: usize, error: &ApiError) -> Self {
        let problem = &error.problem;
        let each = problem.errors.iter().map(|FieldProblem { field, message }| format!("{field}: {message}"));
        let each: Vec<String> = each.collect();
        Self::refused(row, problem.code, if each.is_empty() { problem.detail.clone() } else { each.join("; ") })
    }
}

/// The results, in the shape in which the rows came.
pub fn answer(is_lines: bool, mut results: Vec<RowResultJson>) -> Result<HttpResponse, ApiError> {
    results.sort_by_key(|result| result.row);
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if !is_lines {
        return Ok(response.json(ResultsJson { results }));
    }
    let mut body = String::new();
    for result in &results {
        body += &serde_json::to_string(result).map_err(AppError::internal)?;
        body.push('\n');
    }
    Ok(response.content_type(LINES).body(body))
}

impl<T: DeserializeOwned + 'static> FromRequest for Bulk<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kind = req.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let body = actix_web::web::Payload::from_request(req, payload);
        Box::pin(async move {
            let broken = |_| ApiError::bad_request("The body could not be read to its end.");
            let bytes = body.await.map_err(broken)?.to_bytes_limited(MAX_BYTES).await;
            let bytes = bytes.map_err(|_| too_large("Send at most 8 MiB."))?;
            let bytes = bytes.map_err(|_| ApiError::bad_request("The body could not be read to its end."))?;
            let text = std::str::from_utf8(&bytes).map_err(|_| ApiError::bad_request("The body is no UTF-8."))?;
            let rows = match kind.as_str() {
                "application/json" => listed(text)?,
                LINES => text.lines().filter(|line| !line.trim().is_empty()).map(line).collect(),
                _ => return Err(ApiError::bad_request(format!("Send application/json or {LINES} as Content-Type."))),
            };
            if rows.len() > MOST {
                return Err(too_large(&format!("Send at most {MOST} rows.")));
            }
            Ok(Self { rows, is_lines: kind == LINES })
        })
    }
}

fn too_large(what: &str) -> ApiError {
    AppError::TooLarge(what.to_owned()).into()
}

fn listed<T: DeserializeOwned>(text: &str) -> Result<Vec<Result<T, String>>, ApiError> {
    let body: Value =
        serde_json::from_str(text).map_err(|error| ApiError::bad_request(format!("This is no JSON: {error}.")))?;
    let Value::Object(mut fields) = body else { return Err(invalid("rows", "Send an object with rows.")) };
    match (fields.remove("rows"), fields.is_empty()) {
        (Some(Value::Array(rows)), true) => Ok(rows.into_iter().map(read).collect()),
        _ => Err(invalid("rows", "Send a list of rows, and nothing else.")),
    }
}

fn line<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("This is no JSON: {error}")).and_then(read)
}

fn read<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    if value.to_string().contains("\\u0000") {
        return Err("A text has a zero byte in it".to_owned());
    }
    serde_path_to_error::deserialize(value).map_err(|error| format!("{}: {}", error.path(), error.inner()))
}
