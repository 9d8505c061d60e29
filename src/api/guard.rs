//! Which keys may pass: wrapped around the addresses of the APIs in `routes.rs`.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, ResponseError};
use chrono::Duration;
use diesel::prelude::*;
use std::future::{Ready, ready};

use super::{ApiError, ApiKey, Caller, Scope, rate};
use crate::error::AppError;
use crate::schema::api_key;
use crate::serve::Muster;
use crate::web::Address;

type Passed<B> = Result<ServiceResponse<EitherBody<B>>, actix_web::Error>;

/// Keys of tills.
pub async fn tills<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Scope::Pos]).await
}

/// Keys of the back office that may read.
pub async fn office_readers<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Scope::OfficeRead, Scope::Office]).await
}

/// Keys of the back office that may write.
pub async fn office<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Scope::Office]).await
}

async fn pass<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>, scopes: &[Scope]) -> Passed<B> {
    match known(req.request()).await {
        Ok(key) if scopes.contains(&key.scope()) => {
            let caller = Caller::Key(key.id);
            req.extensions_mut().insert(key);
            rate::serve(req, next, caller).await
        }
        Ok(key) => {
            let error = ApiError::forbidden(format!("This key is for another use: {}.", key.scope().label()));
            Ok(req.into_response(error.error_response().map_into_right_body()))
        }
        Err(error) => Ok(req.into_response(error.error_response().map_into_right_body())),
    }
}

/// What follows "Bearer".
pub fn bearer(req: &HttpRequest) -> Option<&str> {
    let value = req.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, text) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text.trim()).filter(|text| !text.is_empty())
}

/// One round trip to know the key; that it was used is noted at most once a minute.
async fn known(req: &HttpRequest) -> Result<ApiKey, ApiError> {
    let text = bearer(req).ok_or_else(ApiError::unauthorized)?.to_owned();
    let muster = req.app_data::<Data<Muster>>().ok_or_else(|| AppError::internal("no Muster"))?.clone();
    let (now, Address(address)) = (muster.clock.now(), Address::of(req));
    let key = muster
        .db
        .read(move |conn| -> Result<_, AppError> { Ok(ApiKey::find(conn, &text, now)?) })
        .await?
        .ok_or_else(ApiError::unauthorized)?;
    if key.last_used_at.is_none_or(|used| now - used >= Duration::minutes(1)) {
        let id = key.id;
        muster
            .db
            .write(move |conn| -> Result<_, AppError> {
                diesel::update(api_key::table.find(id))
                    .set((api_key::last_used_at.eq(now), api_key::last_used_from.eq(address)))
                    .execute(conn)?;
                Ok(())
            })
            .await?;
    }
    Ok(key)
}

/// The key that passed.
impl FromRequest for ApiKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(req.extensions().get::<Self>().cloned().ok_or_else(ApiError::unauthorized))
    }
}
