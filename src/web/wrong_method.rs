//! A page where an address has no such method: someone who opens by hand what only a form sends to.

use actix_web::Error;
use actix_web::ResponseError;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;

use crate::error::AppError;

/// Whether this is the empty answer that actix gives.
pub fn is_bare<B>(response: &ServiceResponse<B>) -> bool {
    response.status() == StatusCode::METHOD_NOT_ALLOWED && !response.headers().contains_key(header::CONTENT_TYPE)
}

/// Wrapped around everything; the member app has dressed its own by then.
pub async fn dress<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let response = next.call(req).await?;
    if !is_bare(&response) {
        return Ok(response.map_into_left_body());
    }
    let page = AppError::WrongMethod.error_response();
    Ok(response.into_response(page).map_into_right_body())
}
