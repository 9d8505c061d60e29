//! Members of a group, for a report.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};
use serde::Serialize;

use super::report::{CHUNK, Report};
use crate::groups::members::{Edge, Roll};
use crate::ids::GroupId;
use crate::members::{Guarded, Sight};

/// Of this group, now or at a past moment.
#[derive(Debug, Clone, Copy)]
pub struct GroupReport {
    /// The group.
    pub group: GroupId,
    /// None: now.
    pub at: Option<DateTime<Utc>>,
}

/// A member of a group.
#[derive(Debug, Serialize)]
pub struct GroupLine {
    member: i64,
    name: String,
    phone: Option<String>,
    email: Option<String>,
    joined_at: DateTime<Utc>,
    how: String,
}

impl Report<6> for GroupReport {
    type Row = GroupLine;
    const HEAD: [&'static str; 6] = ["member", "name", "phone", "email", "joined_at", "how"];

    fn page(&self, conn: &mut PgConnection, after: i64) -> QueryResult<Vec<(i64, GroupLine)>> {
        let roll = Roll { group: self.group, at: self.at, searched: None, sight: Sight::Full, contact: None };
        let page = roll.page(conn, Edge::After(after), CHUNK)?;
        let line = |member: crate::groups::members::GroupMember| {
            let how = member.how();
            let line = GroupLine {
                member: member.number,
                name: member.name,
                phone: member.phone.map(Guarded::into_unmasked),
                email: member.email.map(Guarded::into_unmasked),
                joined_at: member.joined_at,
                how,
            };
            (member.id.0, line)
        };
        Ok(page.into_iter().map(line).collect())
    }

    fn cells(row: GroupLine) -> [String; 6] {
        [
            row.member.to_string(),
            row.name,
            row.phone.unwrap_or_default(),
            row.email.unwrap_or_default(),
            row.joined_at.to_rfc3339(),
            row.how,
        ]
    }
}
