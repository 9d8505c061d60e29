//! A line of the checklist of groups.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use crate::db::Kept;
use crate::groups::kind::{GroupKind, GroupState};
use crate::ids::{GroupId, MemberId};

/// A group that the member can be put into or taken out of.
#[derive(Debug, Clone, Queryable)]
pub struct Choice {
    id: GroupId,
    /// The group's name.
    pub name: String,
    join_type: Option<String>,
    starts_at: DateTime<Utc>,
    /// Whether the member is in it, or the agent wants them to be.
    pub ticked: bool,
}

impl Choice {
    /// All upcoming and active groups, hidden ones too; those that the member is in first.
    pub fn load(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<Vec<Self>> {
        let query = sql::<(BigInt, Text, Nullable<Text>, Timestamptz, Bool)>(
            "SELECT member_group.id, name, join_type, starts_at, membership.id IS NOT NULL
             FROM member_group LEFT JOIN membership
               ON group_id = member_group.id AND left_at IS NULL AND member_id = ",
        )
        .bind::<BigInt, _>(member)
        .sql(" WHERE stops_at IS NULL OR stops_at > ")
        .bind::<Timestamptz, _>(now)
        .sql(" ORDER BY membership.id IS NULL, lower(name)");
        Kept(query).load(conn)
    }

    /// Ticks what was sent with the form, so that a rejected form keeps it.
    pub fn tick(choices: &mut [Self], sent: &[String]) {
        for choice in choices {
            choice.ticked = sent.contains(&choice.id());
        }
    }

    /// As the form sends it.
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Public, private or hidden.
    pub fn kind(&self) -> GroupKind {
        GroupKind::of(self.join_type.as_deref())
    }

    /// Whether it has not begun.
    pub fn is_upcoming(&self, now: &DateTime<Utc>) -> bool {
        GroupState::at(*now, self.starts_at, None) == GroupState::Upcoming
    }
}
