//! The address of events; in `routes.rs` it stands before the other addresses of `/api/v1`.

use actix_web::ResponseError;
use actix_web::dev::HttpServiceFactory;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::web::{QueryConfig, resource, scope, to};

use super::index::index;
use crate::api::guard;
use crate::api::{ApiError, ApiResult};
use crate::error::AppError;

/// For keys of the back office, those that only read too.
pub fn office_events() -> impl HttpServiceFactory {
    scope("/api/v1/events")
        .wrap(from_fn(guard::office_readers))
        .app_data(QueryConfig::default().error_handler(|error, _| {
            ApiError::bad_request(format!("The address has a value that cannot be read: {error}.")).into()
        }))
        .service(resource("").get(index).default_service(to(wrong_method)))
        .default_service(to(not_found))
}

async fn not_found() -> ApiResult {
    Err(ApiError::not_found())
}

async fn wrong_method() -> ApiResult {
    let mut answer = ApiError::from(AppError::WrongMethod).error_response();
    answer.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
    Ok(answer)
}
