//! `/me`: the member's own data.

use actix_web::HttpResponse;
use chrono_tz::Tz;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::member::AppMember;
use crate::api::call::Asked;
use crate::api::{ApiError, ApiResult, Call, Json, etag, invalid};
use crate::app::delete_account::delete;
use crate::members::consent::{ConsentSource, Consents, set_consents};
use crate::members::form::rejected_by;
use crate::members::{Guarded, Member};
use crate::memberships::membership::lock_member;
use crate::schema::member;
use crate::web::text::Line;

/// A member, as they see themselves.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeJson {
    /// Member number.
    #[schema(example = 2654435761_i64)]
    number: i64,
    /// As they are called.
    #[schema(example = "Ann Able")]
    name: String,
    /// E.164.
    #[schema(example = "+4915123456789")]
    phone: Option<String>,
    /// Lower case.
    #[schema(example = "ann@example.com")]
    email: Option<String>,
    /// Their own (IANA); null: the organisation's.
    #[schema(example = "Europe/Berlin")]
    time_zone: Option<String>,
    /// What may be sent.
    consents: ConsentsJson,
    /// Staff have blocked them: codes and public groups do not work.
    blocked: bool,
}

/// What may be sent.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentsJson {
    /// SMS.
    #[schema(example = true)]
    sms: bool,
    /// E-mail.
    #[schema(example = false)]
    email: bool,
    /// Push notifications.
    #[schema(example = true)]
    push: bool,
}

/// What to change; what is left out stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MeChanges {
    /// As they are called.
    #[schema(min_length = 1, max_length = 120, example = "Ann Able")]
    name: Option<String>,
    /// Their own time zone (IANA): quiet hours follow it.
    #[schema(example = "Europe/Lisbon")]
    time_zone: Option<String>,
}

impl MeJson {
    pub(super) fn load(conn: &mut PgConnection, asked: &Asked<AppMember>) -> Result<Self, ApiError> {
        let member = Member::find(conn, asked.who.id)?;
        Ok(Self {
            number: member.number,
            name: member.name,
            phone: member.phone.map(Guarded::into_unmasked),
            email: member.email.map(Guarded::into_unmasked),
            time_zone: member.time_zone,
            consents: ConsentsJson { sms: member.sms_consent, email: member.email_consent, push: member.push_consent },
            blocked: member.blocked_at.is_some(),
        })
    }
}

/// Shows the member.
#[utoipa::path(get, path = "/api/app/v1/me", tag = "App: me", operation_id = "showMe",
    responses((status = 200, description = "The member", body = MeJson)), security(("token" = [])))]
pub async fn show(call: Call<AppMember>) -> ApiResult {
    call.read(MeJson::load).await
}

/// Changes the member.
///
/// Name and time zone. A new phone number or e-mail address is confirmed by a code: see contact changes.
#[utoipa::path(patch, path = "/api/app/v1/me", tag = "App: me", operation_id = "changeMe", request_body = MeChanges,
    responses((status = 200, description = "As it is now", body = MeJson)), security(("token" = [])))]
pub async fn update(call: Call<AppMember>, Json { sent, .. }: Json<MeChanges>) -> ApiResult {
    let name = sent.name.map(|name| Line::required(&name, 120, "Enter your name"));
    let name = name.transpose().map_err(|why| invalid("name", why))?;
    let zone =
        sent.time_zone.map(|zone| zone.parse::<Tz>().map_err(|_| invalid("time_zone", "Send an IANA time zone.")));
    let zone = zone.transpose()?;
    let work = call.write(move |conn, asked| {
        lock_member(conn, asked.who.id)?;
        if let Some(name) = name {
            diesel::update(member::table.find(asked.who.id)).set(member::name.eq(name)).execute(conn)?;
        }
        if let Some(zone) = zone {
            let set = diesel::update(member::table.find(asked.who.id)).set(member::time_zone.eq(zone.name()));
            set.execute(conn).map_err(rejected_by)?;
        }
        MeJson::load(conn, asked)
    });
    let me = work.await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag::of(&me)?)).json(me))
}

/// Deletes the account.
///
/// For good: what tells who the member was is erased; numbers stay.
#[utoipa::path(delete, path = "/api/app/v1/me", tag = "App: me", operation_id = "deleteMe",
    responses((status = 204, description = "Deleted")), security(("token" = [])))]
pub async fn destroy(call: Call<AppMember>) -> ApiResult {
    call.write(|conn, asked| Ok(delete(conn, asked.who.id, asked.now)?)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives and withdraws consents.
///
/// All three at once; when and how they changed is kept.
#[utoipa::path(put, path = "/api/app/v1/me/consents", tag = "App: me", operation_id = "setConsents",
    request_body = ConsentsJson,
    responses((status = 200, description = "As they are now", body = ConsentsJson)), security(("token" = [])))]
pub async fn consents(call: Call<AppMember>, Json { sent, .. }: Json<ConsentsJson>) -> ApiResult {
    let consents = Consents { sms: sent.sms, email: sent.email, push: sent.push };
    call.write(move |conn, asked| Ok(set_consents(conn, asked.who.id, consents, ConsentSource::App, asked.now)?))
        .await?;
    Ok(HttpResponse::Ok().json(sent))
}
