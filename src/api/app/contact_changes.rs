//! `/me/contact-changes`: a new phone number or e-mail address, taken when the code that was sent to it comes back.

use actix_web::HttpResponse;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::me::MeJson;
use super::member::AppMember;
use crate::api::{ApiResult, Call, Json, invalid};
use crate::app::contact_change::{Change, confirm_by, send};
use crate::app::one_time_code::{LIFE, OneTimeCode};
use crate::error::AppError;
use crate::members::contact::Contact;

/// The new contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// A phone number, in any spelling, or an e-mail address; it takes the place of the one before of its kind.
    #[schema(max_length = 300, example = "ann@example.com")]
    contact: String,
}

/// A change that waits for its code.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactChangeJson {
    /// Send it back with the code.
    #[schema(example = "eyJjb250YWN0Ijoi…")]
    change: String,
    /// Seconds for which the code works.
    #[schema(example = 600)]
    expires_in: i64,
}

/// The code that came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactProof {
    /// As it was given out.
    #[schema(max_length = 2000, example = "eyJjb250YWN0Ijoi…")]
    change: String,
    /// The six digits.
    #[schema(max_length = 100, example = "123456")]
    code: String,
}

/// Sends a code to a new contact.
#[utoipa::path(post, path = "/api/app/v1/me/contact-changes", tag = "App: me", operation_id = "startContactChange",
    request_body = NewContact,
    responses((status = 202, description = "Sent", body = ContactChangeJson)), security(("token" = [])))]
pub async fn create(call: Call<AppMember>, Json { sent, .. }: Json<NewContact>) -> ApiResult {
    let region = call.asked().organisation.phone_region.clone();
    let contact = Contact::parse(&sent.contact, &region).map_err(|why| invalid("contact", why))?;
    let secret = call.muster.config.secret.clone();
    let work = call.write(move |conn, asked| {
        Ok(send(conn, asked.who.id, contact, &asked.organisation, &secret, &asked.address, asked.now)?)
    });
    let change = serde_json::to_vec(&work.await?).map_err(AppError::internal)?;
    let told = ContactChangeJson { change: URL_SAFE_NO_PAD.encode(change), expires_in: LIFE.num_seconds() };
    Ok(HttpResponse::Accepted().insert_header(("Cache-Control", "no-store")).json(told))
}

/// Takes the new contact.
#[utoipa::path(post, path = "/api/app/v1/me/contact-changes/confirmation", tag = "App: me",
    operation_id = "confirmContactChange", request_body = ContactProof,
    responses((status = 200, description = "As the member is now", body = MeJson)), security(("token" = [])))]
pub async fn confirm(call: Call<AppMember>, Json { sent, .. }: Json<ContactProof>) -> ApiResult {
    let change = read(&sent.change).ok_or_else(|| invalid("change", "Send it as it was given out."))?;
    let code = OneTimeCode::parse(&sent.code).map_err(|why| invalid("code", why))?;
    let asked = call.asked();
    confirm_by(&call.muster, asked.who.id, &change, &code, asked.now).await?;
    call.write(MeJson::load).await.map(|me| HttpResponse::Ok().json(me))
}

fn read(text: &str) -> Option<Change> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}
