//! The addresses of `/api/pos/v1`.

use actix_web::dev::HttpServiceFactory;
use actix_web::middleware::from_fn;
use actix_web::web::{PathConfig, QueryConfig, resource, scope, to};
use actix_web::{HttpRequest, Resource, ResponseError};

use super::{lookups, reservations, validations};
use crate::api::guard;
use crate::api::{ApiError, ApiResult};
use crate::error::AppError;

/// All of them, for keys of tills. Nothing but problem documents tells what is wrong.
pub fn tills() -> impl HttpServiceFactory {
    scope("/api/pos/v1")
        .wrap(from_fn(guard::tills))
        .app_data(PathConfig::default().error_handler(|_, _| ApiError::not_found().into()))
        .app_data(
            QueryConfig::default()
                .error_handler(|_, _| ApiError::bad_request("The address has a value that cannot be read.").into()),
        )
        .service(at("/lookups").post(lookups::create))
        .service(at("/reservations").post(reservations::create))
        .service(at("/reservations/{id}").get(reservations::show))
        .service(at("/reservations/{id}/validation").post(reservations::validate))
        .service(at("/reservations/{id}/cancellation").post(reservations::cancel))
        .service(at("/validations").post(validations::create))
        .service(at("/validations/{id}/reversal").post(validations::reverse))
        .default_service(to(not_found))
}

fn at(path: &str) -> Resource {
    resource(path.to_owned()).default_service(to(wrong_method))
}

async fn not_found() -> ApiResult {
    Err(ApiError::not_found())
}

async fn wrong_method(req: HttpRequest) -> ApiResult {
    let is_reservation = req.match_pattern().is_some_and(|pattern| pattern.ends_with("/reservations/{id}"));
    let mut answer = ApiError::from(AppError::WrongMethod).error_response();
    let allowed = if is_reservation { "GET" } else { "POST" };
    answer
        .headers_mut()
        .insert(actix_web::http::header::ALLOW, actix_web::http::header::HeaderValue::from_static(allowed));
    Ok(answer)
}
