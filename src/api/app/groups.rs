//! `/groups`: those that run now and are shown, and the member's way in or out.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::member::AppMember;
use crate::api::{ApiError, ApiResult, Call};
use crate::app::groups::AppGroup;
use crate::app::membership::{Refused, enter_group, leave_group};
use crate::ids::GroupId;

/// A group.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppGroupJson {
    /// Key.
    #[schema(value_type = i64, example = 7)]
    id: GroupId,
    /// Name.
    #[schema(example = "Coffee Club")]
    name: String,
    /// What it is about.
    #[schema(example = "A free coffee each month.")]
    description: String,
    /// From.
    starts_at: DateTime<Utc>,
    /// The first moment after it; null: open-ended.
    ends_at: Option<DateTime<Utc>>,
    /// Whether the member is in. Whoever is in may leave, whatever `may` says.
    #[schema(example = false)]
    is_member: bool,
    /// How the member may join.
    may: MayJson,
}

/// How a member may join a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MayJson {
    /// Not at all: they are blocked.
    None,
    /// With PUT of their membership.
    Toggle,
    /// With a code: POST it to /codes.
    Code,
}

/// Groups that run now.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppGroupsJson {
    /// In the order in which the app shows them.
    groups: Vec<AppGroupJson>,
}

impl AppGroupJson {
    fn of(group: AppGroup) -> Self {
        Self {
            may: match (group.blocked, group.by_code) {
                (true, _) => MayJson::None,
                (false, true) => MayJson::Code,
                (false, false) => MayJson::Toggle,
            },
            id: group.id,
            name: group.name,
            description: group.description,
            starts_at: group.starts_at,
            ends_at: group.stops_at,
            is_member: group.is_in,
        }
    }
}

/// Lists the groups.
///
/// Those that run now and are shown, with what the member may do.
#[utoipa::path(get, path = "/api/app/v1/groups", tag = "App: groups", operation_id = "listGroups",
    responses((status = 200, description = "All that run now", body = AppGroupsJson)), security(("token" = [])))]
pub async fn index(call: Call<AppMember>) -> ApiResult {
    call.read(|conn, asked| {
        let groups = AppGroup::running(conn, asked.who.id, asked.now)?;
        Ok(AppGroupsJson { groups: groups.into_iter().map(AppGroupJson::of).collect() })
    })
    .await
}

/// Joins a public group.
///
/// Who is in stays in. Live campaigns for the group are issued at once.
#[utoipa::path(put, path = "/api/app/v1/groups/{group}/membership", tag = "App: groups", operation_id = "joinGroup",
    params(("group" = i64, Path, description = "Key of the group", example = 7)),
    responses(
        (status = 200, description = "The member is in", body = AppGroupJson),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`group_not_active`, `not_a_receiver`, `code_needed`"),
    ), security(("token" = [])))]
pub async fn join(call: Call<AppMember>, group: Path<i64>) -> ApiResult {
    let id = GroupId(*group);
    let work = call.write(move |conn, asked| {
        enter_group(conn, asked.who.id, id, asked.now)?.map_err(refused)?;
        Ok(AppGroupJson::of(AppGroup::find(conn, asked.who.id, id, asked.now)?))
    });
    Ok(HttpResponse::Ok().json(work.await?))
}

/// Leaves a group.
///
/// What came only through it and is unused is withdrawn. Coming back to a private group needs a code.
#[utoipa::path(delete, path = "/api/app/v1/groups/{group}/membership", tag = "App: groups", operation_id = "leaveGroup",
    params(("group" = i64, Path, description = "Key of the group", example = 7)),
    responses(
        (status = 204, description = "The member is not in"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`group_not_active`"),
    ), security(("token" = [])))]
pub async fn leave(call: Call<AppMember>, group: Path<i64>) -> ApiResult {
    let id = GroupId(*group);
    call.write(move |conn, asked| {
        leave_group(conn, asked.who.id, id, asked.now)?.map_err(refused)?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn refused(refused: Refused) -> ApiError {
    ApiError::new(StatusCode::CONFLICT, refused.code, "That did not work", refused.text)
}
