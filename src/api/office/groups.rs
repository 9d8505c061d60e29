//! `/groups`: read only; staff make them in Settings → User Groups.

use actix_web::web::{Path, Query};
use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{ApiKey, ApiResult, Call, bad_limit};
use crate::groups::MemberGroup;
use crate::ids::{CampaignId, GroupId};
use crate::schema::member_group;

/// Rows of a page, where nothing else is asked for, and at most.
const MOST: usize = 200;

/// Which page of a list by key.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// `next` of the page before.
    after: Option<i64>,
    /// Rows of a page; 200.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<usize>,
}

impl PageQuery {
    /// The key to begin after, and how many rows.
    pub fn read(&self) -> Result<(i64, usize), crate::api::ApiError> {
        let limit = self.limit.unwrap_or(MOST);
        if (1..=MOST).contains(&limit) { Ok((self.after.unwrap_or(0), limit)) } else { Err(bad_limit(MOST)) }
    }
}

/// A user group.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeGroupJson {
    /// Key.
    #[schema(value_type = i64, example = 7)]
    id: GroupId,
    /// Name.
    #[schema(example = "Coffee Club")]
    name: String,
    /// What members read of it.
    #[schema(example = "A free coffee each month.")]
    description: String,
    /// public, private, hidden.
    #[schema(example = "public")]
    kind: &'static str,
    /// upcoming, active, ended.
    #[schema(example = "active")]
    state: &'static str,
    /// From.
    starts_at: DateTime<Utc>,
    /// The first moment after it; null: open-ended.
    ends_at: Option<DateTime<Utc>>,
    /// Whose codes let members join.
    #[schema(value_type = Option<i64>, example = 17)]
    campaign: Option<CampaignId>,
    /// Who is in now.
    #[schema(example = 1204)]
    members: i64,
}

/// A page of groups.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeGroupsJson {
    /// In the order of their keys.
    groups: Vec<OfficeGroupJson>,
    /// For `after` of the next page; null: this is the last.
    next: Option<i64>,
}

const MEMBERS: &str =
    "coalesce((SELECT sum(change) FROM member_group_count WHERE group_id = member_group.id), 0)::bigint";

impl OfficeGroupJson {
    fn of((group, members): (MemberGroup, i64), now: DateTime<Utc>) -> Self {
        Self {
            kind: group.kind().key(),
            state: group.state(now).key(),
            id: group.id,
            name: group.name,
            description: group.description,
            starts_at: group.starts_at,
            ends_at: group.stops_at,
            campaign: group.campaign_id,
            members,
        }
    }
}

/// Lists groups.
///
/// All of them, hidden and ended ones too.
#[utoipa::path(get, path = "/api/v1/groups", tag = "Office: groups and memberships", operation_id = "listAllGroups",
    params(PageQuery), responses((status = 200, description = "A page", body = OfficeGroupsJson)), security(("key" = [])))]
pub async fn index(call: Call<ApiKey>, query: Query<PageQuery>) -> ApiResult {
    let (after, limit) = query.read()?;
    call.read(move |conn, asked| {
        let mut found: Vec<(MemberGroup, i64)> = member_group::table
            .filter(member_group::id.gt(after))
            .order(member_group::id)
            .limit(i64::try_from(limit + 1).unwrap_or(i64::MAX))
            .select((MemberGroup::as_select(), sql::<BigInt>(MEMBERS)))
            .load(conn)?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|(group, _)| group.id.0);
        let groups = found.into_iter().map(|found| OfficeGroupJson::of(found, asked.now)).collect();
        Ok(OfficeGroupsJson { groups, next })
    })
    .await
}

/// Shows a group.
#[utoipa::path(get, path = "/api/v1/groups/{group}", tag = "Office: groups and memberships", operation_id = "showGroup",
    params(("group" = i64, Path, description = "Key of the group", example = 7)),
    responses((status = 200, description = "The group", body = OfficeGroupJson), (status = 404, description = "`not_found`")),
    security(("key" = [])))]
pub async fn show(call: Call<ApiKey>, group: Path<i64>) -> ApiResult {
    let id = *group;
    call.read(move |conn, asked| {
        let select = (MemberGroup::as_select(), sql::<BigInt>(MEMBERS));
        Ok(OfficeGroupJson::of(member_group::table.find(id).select(select).first(conn)?, asked.now))
    })
    .await
}
