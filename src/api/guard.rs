//! Who may pass, and how often: wrapped around the addresses of the APIs.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest, ResponseError};
use chrono::Duration;
use diesel::prelude::*;
use std::future::{Ready, ready};

use super::{ApiError, ApiKey, Caller, RateLimits, Scope};
use crate::error::AppError;
use crate::schema::api_key;
use crate::serve::Muster;
use crate::web::Address;

type Passed<B> = Result<ServiceResponse<EitherBody<B>>, actix_web::Error>;

/// Keys of tills.
pub async fn tills<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    pass(req, next, &[Scope::Pos]).await
}

/// Keys of the back office: those for reading only read.
pub async fn office<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    let reads = matches!(*req.method(), Method::GET | Method::HEAD);
    pass(req, next, if reads { &[Scope::OfficeRead, Scope::Office] } else { &[Scope::Office] }).await
}

/// Anyone, but nobody without end: what is asked before there is a key or token.
pub async fn anyone<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>) -> Passed<B> {
    admit(req, next, None, Ok(())).await
}

async fn pass<B: MessageBody + 'static>(req: ServiceRequest, next: Next<B>, scopes: &[Scope]) -> Passed<B> {
    let key = known(req.request()).await;
    let caller = key.as_ref().ok().map(|key| Caller::Key(key.id));
    let fitting = key.and_then(|key| match scopes.contains(&key.scope()) {
        true => Ok(key),
        false => Err(ApiError::forbidden(format!("This key is for another use: {}.", key.scope().label()))),
    });
    admit(req, next, caller, fitting).await
}

/// Lets a request go on to its endpoint, with who it is from; every answer tells how many more are taken.
pub(super) async fn admit<B: MessageBody + 'static, T: 'static>(
    req: ServiceRequest,
    next: Next<B>,
    caller: Option<Caller>,
    who: Result<T, ApiError>,
) -> Passed<B> {
    let (limits, muster) = (req.app_data::<Data<RateLimits>>(), req.app_data::<Data<Muster>>());
    let standing = limits.zip(muster).and_then(|(limits, muster)| {
        let Address(address) = Address::of(req.request());
        limits.count(caller, &address, muster.clock.now())
    });
    let mut answer = match (standing.and_then(|standing| standing.refusal()), who) {
        (Some(error), _) | (None, Err(error)) => req.into_response(error.error_response().map_into_right_body()),
        (None, Ok(who)) => {
            req.extensions_mut().insert(who);
            next.call(req).await?.map_into_left_body()
        }
    };
    if let Some(standing) = standing {
        standing.tell(answer.headers_mut());
    }
    Ok(answer)
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
