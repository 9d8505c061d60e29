//! `POST /sign-in-codes`: the first half of signing in.

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::{ApiResult, Json, invalid};
use crate::app::one_time_code::LIFE;
use crate::app::sign_in;
use crate::error::AppError;
use crate::members::contact::Contact;
use crate::serve::Muster;
use crate::web::Address;

/// Where a code shall be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSignInCode {
    /// The member's phone number, in any spelling, or e-mail address.
    #[schema(max_length = 300, example = "+49 1512 3456789")]
    contact: String,
}

/// It was sent, if somebody has this contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct SignInCodeJson {
    /// As it is stored: send this, or the same again, with the code.
    #[schema(example = "+4915123456789")]
    contact: String,
    /// Seconds for which the code works.
    #[schema(example = 600)]
    expires_in: i64,
}

/// Sends a one-time code.
///
/// Six digits, by SMS or e-mail. The answer is the same whether or not a member has this contact.
#[utoipa::path(post, path = "/api/app/v1/sign-in-codes", tag = "App: sign in", operation_id = "sendSignInCode",
    request_body = NewSignInCode,
    responses((status = 202, description = "Sent, if somebody has this contact", body = SignInCodeJson)))]
pub async fn create(
    muster: Data<Muster>,
    Address(address): Address,
    Json { sent, .. }: Json<NewSignInCode>,
) -> ApiResult {
    let (organisation, now, secret) = (muster.organisation.get(), muster.clock.now(), muster.config.secret.clone());
    let contact = Contact::parse(&sent.contact, &organisation.phone_region).map_err(|why| invalid("contact", why))?;
    let told = SignInCodeJson { contact: contact.as_str().to_owned(), expires_in: LIFE.num_seconds() };
    let work = muster.db.write(move |conn| -> Result<_, AppError> {
        sign_in::send(conn, &contact, &organisation, &secret, &address, now)
    });
    work.await?;
    Ok(HttpResponse::Accepted().insert_header(("Cache-Control", "no-store")).json(told))
}
