//! Errors as RFC 9457 problem documents, each with a stable `code`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::problem_codes;
use crate::error::AppError;
use crate::web::{FieldErrors, SaveError};

/// What an endpoint answers.
pub type ApiResult = Result<HttpResponse, ApiError>;

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Where this kind of problem is told: the table of codes.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// Stable, for programs.
    pub code: &'static str,
    /// What happened this time, and what to do.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// What is wrong with which field of the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// One field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Its place: "phone", "members/3/phone".
    pub field: String,
    /// What to do.
    pub message: String,
}

/// An answer that is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// What is told.
    pub problem: Box<Problem>,
    /// Seconds after which it may be tried again.
    pub retry_after: Option<i64>,
}

impl ApiError {
    /// A problem of this kind. Codes are listed in `problem_codes`; a new one gets its line there.
    pub fn new(status: StatusCode, code: &'static str, title: &str, detail: impl Into<String>) -> Self {
        debug_assert!(problem_codes::is_known(code), "{code} is not in problem_codes");
        let problem = Problem {
            kind: format!("/api/docs#{}", problem_codes::anchor(code)),
            title: title.to_owned(),
            status: status.as_u16(),
            code,
            detail: detail.into(),
            errors: Vec::new(),
        };
        Self { problem: Box::new(problem), retry_after: None }
    }

    /// No key, or one that is not, or no longer, known.
    pub fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthorized",
            "Not signed in",
            "Send a valid key or token as Authorization: Bearer …",
        )
    }

    /// The key is for something else.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", "Not allowed", detail)
    }

    /// There is no such thing, or it is not the caller's.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", "There is nothing with this key.")
    }

    /// The request cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", "The request could not be read", detail)
    }

    /// The request can be read, but its values are wrong.
    pub fn invalid(errors: Vec<FieldProblem>) -> Self {
        let mut error =
            Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "Some values are wrong", "Look at `errors`.");
        error.problem.errors = errors;
        error
    }

    /// Tried too often.
    pub fn too_many(code: &'static str, detail: impl Into<String>, seconds: i64) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS, code, "Too many requests", detail);
        error.retry_after = Some(seconds);
        error
    }
}

impl FieldProblem {
    /// One field that is wrong.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.problem.status, self.problem.code)
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if self.problem.status == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        response
            .content_type("application/problem+json")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(serde_json::to_string(&self.problem).unwrap_or_default())
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let (status, title, text) = (error.status_code(), error.title(), error.text());
        let code = match &error {
            AppError::NotFound => return Self::not_found(),
            AppError::WrongMethod => "wrong_method",
            AppError::Forbidden(_) => "forbidden",
            AppError::BadRequest(_) => "bad_request",
            AppError::TooLarge(_) => "too_large",
            AppError::TooManyRequests(seconds) => return Self::too_many("too_many_requests", text, *seconds),
            AppError::Internal(id) => {
                let told = format!("Nothing was done. Tell your administrator the number {id}.");
                return Self::new(status, "internal", title, told);
            }
        };
        Self::new(status, code, title, text)
    }
}

impl From<diesel::result::Error> for ApiError {
    fn from(error: diesel::result::Error) -> Self {
        AppError::from(error).into()
    }
}

impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Self::invalid(errors.iter().map(|error| FieldProblem::new(&error.field, &error.message)).collect())
    }
}

impl From<SaveError> for ApiError {
    fn from(error: SaveError) -> Self {
        match error {
            SaveError::Rejected(errors) => errors.into(),
            SaveError::Failed(error) => error.into(),
        }
    }
}

/// One value is wrong.
pub fn invalid(field: &str, message: impl Into<String>) -> ApiError {
    ApiError::invalid(vec![FieldProblem::new(field, message)])
}

/// A page cannot be so long.
pub fn bad_limit(most: usize) -> ApiError {
    ApiError::bad_request(format!("A limit is a number from 1 to {most}."))
}
