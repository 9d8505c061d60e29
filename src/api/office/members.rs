//! `/members`: found, shown, added and changed.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use diesel::PgConnection;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::member_json::{MemberValues, OfficeMemberJson};
use super::member_ref::MemberRef;
use crate::api::call::Asked;
use crate::api::etag::{self, Conditions};
use crate::api::{ApiError, ApiKey, ApiResult, Call, Json};
use crate::ids::GroupId;
use crate::members::consent::ConsentSource;
use crate::members::form::Parsed;
use crate::members::search::{self, MemberFilter};
use crate::members::search_words::SearchWords;
use crate::members::{edit, list, new};
use crate::memberships::membership::lock_member;
use crate::web::Keyset;

/// Which members.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// Part of a phone number in any spelling, or words: parts of name and e-mail in any order.
    #[param(max_length = 200, example = "ann ab")]
    q: String,
    /// Only who is in this group now.
    group: Option<i64>,
    /// Only who is, or is not, blocked.
    blocked: Option<bool>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub struct MembersJson {
    /// 50 at most; without a search the newest first, else by name.
    members: Vec<OfficeMemberJson>,
    /// For `after` of the next page; null: this is the last.
    next: Option<String>,
    /// There are more than can be listed: narrow the search.
    incomplete: bool,
}

/// Finds members.
#[utoipa::path(get, path = "/api/v1/members", tag = "Office: members", operation_id = "findMembers", params(MemberQuery),
    responses((status = 200, description = "A page", body = MembersJson)), security(("key" = [])))]
pub async fn index(call: Call<ApiKey>, query: Query<MemberQuery>) -> ApiResult {
    let query = query.into_inner();
    let keyset = Keyset { after: query.after, before: None };
    let filter =
        MemberFilter { words: SearchWords::parse(&query.q), group: query.group.map(GroupId), blocked: query.blocked };
    call.read(move |conn, _| {
        let (slice, incomplete) = if filter.words.is_empty() {
            (list::newest(conn, filter.group, filter.blocked, &keyset)?, false)
        } else {
            let found = search::search(conn, &filter, &keyset)?;
            (found.slice, found.more)
        };
        let ids: Vec<_> = slice.rows.iter().map(|row| row.id).collect();
        Ok(MembersJson { members: OfficeMemberJson::of(conn, &ids)?, next: slice.next, incomplete })
    })
    .await
}

/// Shows a member.
#[utoipa::path(get, path = "/api/v1/members/{member}", tag = "Office: members", operation_id = "showMember",
    params(("member" = String, Path, description = "Member number, ext:EXTERNAL-ID, phone number with + and country code, or e-mail address", example = "ext:CRM-17")),
    responses((status = 200, description = "The member", body = OfficeMemberJson), (status = 404, description = "`not_found`")),
    security(("key" = [])))]
pub async fn show(call: Call<ApiKey>, member: Path<String>) -> ApiResult {
    let member = MemberRef::of_path(&member)?;
    call.read(move |conn, _| {
        let id = member.find(conn)?.ok_or_else(ApiError::not_found)?;
        Ok(OfficeMemberJson::load(conn, id)?)
    })
    .await
}

/// Adds or changes a member.
///
/// Whoever is named by the address is made what the body says; if there is nobody, they are added (not by a member number,
/// which is given here). What names them need not be said again in the body. With If-Match, only what you have seen is
/// changed; with If-None-Match: *, someone is only added.
#[utoipa::path(put, path = "/api/v1/members/{member}", tag = "Office: members", operation_id = "putMember",
    request_body = MemberValues,
    params(
        ("member" = String, Path, description = "Member number, ext:EXTERNAL-ID, phone number with + and country code, or e-mail address", example = "ext:CRM-17"),
        ("If-Match" = Option<String>, Header, description = "ETag of what is to be changed, or *"),
        ("If-None-Match" = Option<String>, Header, description = "*: only if there is nobody yet")),
    responses(
        (status = 200, description = "As they are now", body = OfficeMemberJson),
        (status = 201, description = "Added", body = OfficeMemberJson),
        (status = 404, description = "`not_found`"),
        (status = 412, description = "`precondition_failed`"),
    ), security(("key" = [])))]
pub async fn put(call: Call<ApiKey>, member: Path<String>, Json { sent, .. }: Json<MemberValues>) -> ApiResult {
    let (member, conditions) = (MemberRef::of_path(&member)?, Conditions::of(&call.req));
    let parsed = named(sent, &member).parse(&call.asked().organisation.phone_region)?;
    let work = call.write(move |conn, asked| save(conn, asked, &member, &parsed, &conditions));
    let (status, member) = work.await?;
    let mut answer = HttpResponse::build(status);
    if status == StatusCode::CREATED {
        answer.insert_header((header::LOCATION, format!("/api/v1/members/{}", member.number)));
    }
    Ok(answer.insert_header((header::ETAG, etag::of(&member)?)).json(member))
}

fn save(
    conn: &mut PgConnection,
    asked: &Asked<ApiKey>,
    member: &MemberRef,
    parsed: &Parsed,
    conditions: &Conditions,
) -> Result<(StatusCode, OfficeMemberJson), ApiError> {
    let (actor, now) = (asked.who.actor(&asked.address), asked.now);
    let Some(id) = member.find(conn)? else {
        conditions.check(None)?;
        if matches!(member, MemberRef::Number(_)) {
            return Err(ApiError::not_found());
        }
        let id = new::add(conn, parsed, ConsentSource::Api, &actor, now)?;
        return Ok((StatusCode::CREATED, OfficeMemberJson::load(conn, id)?));
    };
    // nobody changes it between the look and the write
    lock_member(conn, id)?;
    conditions.check(Some(&etag::of(&OfficeMemberJson::load(conn, id)?)?))?;
    edit::change(conn, id, parsed, ConsentSource::Api, &actor, now)?;
    Ok((StatusCode::OK, OfficeMemberJson::load(conn, id)?))
}

/// What names the member is theirs, where the body does not say otherwise.
fn named(mut values: MemberValues, member: &MemberRef) -> MemberValues {
    match member {
        MemberRef::Number(_) => {}
        MemberRef::External(external) => _ = values.external_id.get_or_insert_with(|| external.clone()),
        MemberRef::Phone(phone) => _ = values.phone.get_or_insert_with(|| phone.to_string()),
        MemberRef::Email(email) => _ = values.email.get_or_insert_with(|| email.to_string()),
    }
    values
}
