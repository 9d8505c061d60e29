//! `/sign-ins`: a code becomes tokens, tokens are refreshed, a device is signed out.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, http::header};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::AppMember;
use super::token::{self, Pair, Refreshed};
use crate::api::{ApiError, ApiResult, Call, Json, invalid};
use crate::app::one_time_code::OneTimeCode;
use crate::app::sign_in_code::{WRONG, verify};
use crate::error::AppError;
use crate::members::contact::Contact;
use crate::serve::Muster;
use crate::web::Address;
use crate::web::text::Line;

/// The second half of signing in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSignIn {
    /// The contact that the code was sent to.
    #[schema(max_length = 300, example = "+4915123456789")]
    contact: String,
    /// The six digits.
    #[schema(max_length = 100, example = "123456")]
    code: String,
    /// What the member calls the device, for their list.
    #[schema(max_length = 80, example = "Ann’s phone")]
    #[serde(default)]
    device: Option<String>,
}

/// The last refresh token.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// As it was given out.
    #[schema(max_length = 200, example = "mr_Zk3uQm1x7Bq9aT0w…")]
    refresh_token: String,
}

/// What opens the member's account.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokensJson {
    /// Send it as Authorization: Bearer …
    #[schema(example = "ma_6lqk2…")]
    access_token: String,
    /// Always Bearer.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds for which the access token works.
    #[schema(example = 3600)]
    expires_in: i64,
    /// Gets the next pair, once. Keep it safe.
    #[schema(example = "mr_Zk3uQm1x7Bq9aT0w…")]
    refresh_token: String,
    /// The refresh token works until then.
    refresh_until: DateTime<Utc>,
}

impl TokensJson {
    fn answer(pair: Pair, status: StatusCode, now: DateTime<Utc>) -> HttpResponse {
        let told = Self {
            expires_in: (pair.access_until - now).num_seconds(),
            access_token: pair.access,
            token_type: "Bearer",
            refresh_token: pair.refresh,
            refresh_until: pair.refresh_until,
        };
        HttpResponse::build(status).insert_header((header::CACHE_CONTROL, "no-store")).json(told)
    }
}

/// Signs in.
///
/// With the code that was sent. Five wrong ones, and it works no more.
#[utoipa::path(post, path = "/api/app/v1/sign-ins", tag = "App: sign in", operation_id = "signIn", request_body = NewSignIn,
    responses(
        (status = 201, description = "Signed in", body = TokensJson),
        (status = 422, description = "`sign_in_code_wrong`"),
    ))]
pub async fn create(muster: Data<Muster>, Address(address): Address, Json { sent, .. }: Json<NewSignIn>) -> ApiResult {
    let (organisation, now, secret) = (muster.organisation.get(), muster.clock.now(), muster.config.secret.clone());
    let contact = Contact::parse(&sent.contact, &organisation.phone_region).map_err(|why| invalid("contact", why))?;
    let code = OneTimeCode::parse(&sent.code).map_err(|why| invalid("code", why))?;
    let device = Line::parse(sent.device.as_deref().unwrap_or_default(), 80).map_err(|why| invalid("device", why))?;
    let work = muster.db.write(move |conn| -> Result<_, AppError> {
        match verify(conn, contact.as_str(), &code, &secret, &address, now)? {
            Some(member) => Ok(Some(token::begin(conn, member.id, device.as_deref().unwrap_or_default(), now)?)),
            None => Ok(None),
        }
    });
    let pair = work.await?.ok_or_else(|| {
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "sign_in_code_wrong", "The code is wrong", WRONG)
    })?;
    Ok(TokensJson::answer(pair, StatusCode::CREATED, now))
}

/// Exchanges a refresh token.
///
/// For a new pair; the old access token ends at once. A refresh token works once. When the answer was lost, the same
/// request gets the same pair again for a minute; later it counts as stolen, and the sign-in is over.
#[utoipa::path(post, path = "/api/app/v1/sign-ins/refresh", tag = "App: sign in", operation_id = "refresh",
    request_body = Refresh,
    responses(
        (status = 200, description = "The next pair", body = TokensJson),
        (status = 401, description = "`refresh_token_unknown`, `refresh_token_reused`"),
    ))]
pub async fn refresh(muster: Data<Muster>, Json { sent, .. }: Json<Refresh>) -> ApiResult {
    let (now, secret) = (muster.clock.now(), muster.config.secret.clone());
    let work = muster
        .db
        .write(move |conn| -> Result<_, AppError> { Ok(token::refresh(conn, &secret, &sent.refresh_token, now)?) });
    let refuse = |code, detail: &str| Err(ApiError::new(StatusCode::UNAUTHORIZED, code, "Sign in again", detail));
    match work.await? {
        Refreshed::Next(_, pair) => Ok(TokensJson::answer(pair, StatusCode::OK, now)),
        Refreshed::Unknown => refuse("refresh_token_unknown", "This sign-in is over."),
        Refreshed::Reused => {
            refuse("refresh_token_reused", "This token was exchanged before, so this sign-in was ended for safety.")
        }
    }
}

/// Signs out.
///
/// This device: its access token and its refresh token end.
#[utoipa::path(delete, path = "/api/app/v1/sign-ins/current", tag = "App: sign in", operation_id = "signOut",
    responses((status = 204, description = "Signed out")), security(("token" = [])))]
pub async fn destroy(call: Call<AppMember>) -> ApiResult {
    call.write(|conn, asked| Ok(token::end(conn, asked.who.sign_in, asked.now)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}
