//! The member whose app asks.

use std::future::{Ready, ready};

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use chrono::Duration;
use diesel::prelude::*;

use super::token;
use crate::api::call::Known;
use crate::api::guard::{admit, bearer};
use crate::api::{ApiError, Caller};
use crate::error::AppError;
use crate::ids::MemberId;
use crate::schema::{app_token, member};
use crate::serve::Muster;

/// Passed the guard with an access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppMember {
    /// Key.
    pub id: MemberId,
    /// The device's sign-in.
    pub sign_in: i64,
}

/// Lets members' apps pass.
pub async fn members<B: MessageBody + 'static>(
    req: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let who = known(req.request()).await;
    let caller = who.as_ref().ok().map(Known::caller);
    admit(req, next, caller, who).await
}

/// One round trip; that the member was here is noted at most once an hour.
async fn known(req: &HttpRequest) -> Result<AppMember, ApiError> {
    let text = bearer(req).ok_or_else(ApiError::unauthorized)?.to_owned();
    let muster = req.app_data::<Data<Muster>>().ok_or_else(|| AppError::internal("no Muster"))?.clone();
    let now = muster.clock.now();
    let found = muster.db.read(move |conn| -> Result<_, AppError> { Ok(token::find(conn, &text, now)?) }).await?;
    let (sign_in, id, used_at) = found.ok_or_else(ApiError::unauthorized)?;
    if used_at.is_none_or(|used| now - used >= Duration::hours(1)) {
        let noted = muster.db.write(move |conn| -> Result<_, AppError> {
            diesel::update(app_token::table.find(sign_in)).set(app_token::used_at.eq(now)).execute(conn)?;
            diesel::update(member::table.find(id)).set(member::last_seen_at.eq(now)).execute(conn)?;
            Ok(())
        });
        noted.await?;
    }
    Ok(AppMember { id, sign_in })
}

impl Known for AppMember {
    fn caller(&self) -> Caller {
        Caller::Member(self.id)
    }
}

impl FromRequest for AppMember {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(req.extensions().get::<Self>().copied().ok_or_else(ApiError::unauthorized))
    }
}
