//! A user group as it is stored.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde::Serialize;

use super::{GroupKind, GroupState};
use crate::audit::Subject;
use crate::ids::{CampaignId, GroupId};
use crate::schema::member_group;
use crate::web::Period;

/// One row of `member_group`.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize)]
#[diesel(table_name = member_group)]
pub struct MemberGroup {
    /// Key.
    pub id: GroupId,
    /// Unique, whatever the case.
    pub name: String,
    /// Shown in the app; may be empty where the group is hidden.
    pub description: String,
    /// The start day's first moment.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it; none: open-ended.
    pub stops_at: Option<DateTime<Utc>>,
    /// Whether the app shows it.
    pub viewable: bool,
    /// "open" or "code"; none: hidden.
    pub join_type: Option<String>,
    /// Whose codes let members join.
    pub campaign_id: Option<CampaignId>,
    /// Its place in the app.
    pub display_order: i32,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

impl MemberGroup {
    /// The group with this key, or not found.
    pub fn find(conn: &mut PgConnection, id: GroupId) -> QueryResult<Self> {
        member_group::table.find(id).select(Self::as_select()).first(conn)
    }

    /// The same, and until the transaction ends no other changes it.
    pub fn lock(conn: &mut PgConnection, id: GroupId) -> QueryResult<Self> {
        member_group::table.find(id).select(Self::as_select()).for_no_key_update().first(conn)
    }

    /// Public, private or hidden.
    pub fn kind(&self) -> GroupKind {
        GroupKind::of(self.join_type.as_deref())
    }

    /// Upcoming, active or ended.
    pub fn state(&self, now: DateTime<Utc>) -> GroupState {
        GroupState::at(now, self.starts_at, self.stops_at)
    }

    /// From its start to its stop.
    pub fn period(&self) -> Period {
        Period { starts_at: self.starts_at, ends_at: self.stops_at }
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        path(self.id)
    }

    /// For the audit log.
    pub fn subject(&self) -> Subject {
        Subject::new("group", self.id, self.name.clone())
    }

    /// All values, for the audit log.
    pub fn values(&self) -> Option<serde_json::Value> {
        serde_json::to_value(self).ok()
    }
}

/// The address of a group's page.
pub fn path(id: GroupId) -> String {
    format!("/settings/user-groups/{id}")
}

/// A group to choose from: in a checklist, a filter, a campaign's receivers.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct GroupRow {
    /// Key.
    pub id: GroupId,
    /// As shown.
    pub name: String,
    join_type: Option<String>,
    starts_at: DateTime<Utc>,
    stops_at: Option<DateTime<Utc>>,
}

impl GroupRow {
    /// Public, private or hidden.
    pub fn kind(&self) -> GroupKind {
        GroupKind::of(self.join_type.as_deref())
    }

    /// Upcoming, active or ended.
    pub fn state(&self, now: DateTime<Utc>) -> GroupState {
        GroupState::at(now, self.starts_at, self.stops_at)
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        path(self.id)
    }
}

/// All upcoming and active groups, by name.
pub fn choices(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<GroupRow>> {
    member_group::table
        .filter(member_group::stops_at.is_null().or(member_group::stops_at.gt(now)))
        .order(sql::<Text>("lower(name)"))
        .select((
            member_group::id,
            member_group::name,
            member_group::join_type,
            member_group::starts_at,
            member_group::stops_at,
        ))
        .load(conn)
}

/// All groups, ended ones too, by name: for filters.
pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<GroupRow>> {
    member_group::table
        .order(sql::<Text>("lower(name)"))
        .select((
            member_group::id,
            member_group::name,
            member_group::join_type,
            member_group::starts_at,
            member_group::stops_at,
        ))
        .load(conn)
}

/// How many members a group has now: a sum, exact at any size.
pub fn member_count(conn: &mut PgConnection, id: GroupId) -> QueryResult<i64> {
    let sum = "SELECT coalesce(sum(change), 0)::bigint AS members FROM member_group_count WHERE group_id = $1";
    let row: CountRow = diesel::sql_query(sum).bind::<BigInt, _>(id).get_result(conn)?;
    Ok(row.members)
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    members: i64,
}
