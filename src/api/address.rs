//! Addresses of the APIs: whatever is asked of them, the answer is a problem document.

use actix_web::http::header;
use actix_web::web::{PathConfig, QueryConfig, resource, to};
use actix_web::{HttpRequest, Resource, ResponseError};

use super::problem::{ApiError, ApiResult};
use crate::error::AppError;

/// The methods of an address, as the header Allow has them.
#[derive(Debug, Clone, Copy)]
struct Allowed(&'static str);

/// An address with these methods ("GET, PUT"); others are told so.
pub fn at(path: &str, allowed: &'static str) -> Resource {
    resource(path.to_owned()).app_data(Allowed(allowed)).default_service(to(wrong_method))
}

/// Says that a key in the address cannot be one.
pub fn path_config() -> PathConfig {
    PathConfig::default().error_handler(|_, _| ApiError::not_found().into())
}

/// Says that something after the question mark cannot be read.
pub fn query_config() -> QueryConfig {
    QueryConfig::default().error_handler(|error, _| {
        let told = match &error {
            actix_web::error::QueryPayloadError::Deserialize(cause) => format!("The address’s query: {cause}."),
            _ => "The address has a value that cannot be read.".to_owned(),
        };
        ApiError::bad_request(told).into()
    })
}

/// For addresses that are none.
pub async fn not_found() -> ApiResult {
    Err(ApiError::not_found())
}

async fn wrong_method(req: HttpRequest) -> ApiResult {
    let mut answer = ApiError::from(AppError::WrongMethod).error_response();
    if let Some(Allowed(methods)) = req.app_data() {
        answer.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static(methods));
    }
    Ok(answer)
}
