//! **Groups**: those that run now and are shown, with the member's way in or out.

use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz};

use crate::db::{Db, Kept};
use crate::error::AppError;
use crate::groups::GroupState;
use crate::ids::{GroupId, MemberId};
use crate::sessions::SignedInMember;
use crate::web::{MemberShell, PageResult, show};

/// A group as the app shows it.
#[derive(Debug, Clone, QueryableByName)]
pub struct AppGroup {
    /// Key.
    #[diesel(sql_type = BigInt)]
    pub id: GroupId,
    /// Name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Description.
    #[diesel(sql_type = Text)]
    pub description: String,
    /// Whether members join it by a code.
    #[diesel(sql_type = Bool)]
    pub by_code: bool,
    /// Whether the member is in.
    #[diesel(sql_type = Bool)]
    pub is_in: bool,
    /// From.
    #[diesel(sql_type = Timestamptz)]
    pub starts_at: DateTime<Utc>,
    /// The first moment after it; none: open-ended.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub stops_at: Option<DateTime<Utc>>,
    /// Whether staff have blocked the member.
    #[diesel(sql_type = Bool)]
    pub blocked: bool,
}

#[derive(Template)]
#[template(path = "app/groups.html")]
struct GroupsPage {
    shell: MemberShell,
    groups: Vec<AppGroup>,
}

macro_rules! groups_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, name, description, join_type = 'code' AS by_code, starts_at, stops_at,
               EXISTS (SELECT FROM membership
                       WHERE group_id = member_group.id AND member_id = $1 AND left_at IS NULL) AS is_in,
               EXISTS (SELECT FROM member WHERE member.id = $1 AND blocked_at IS NOT NULL) AS blocked
             FROM member_group WHERE viewable AND ",
            $condition
        )
    };
}

impl AppGroup {
    /// Upcoming, active or ended.
    pub fn state(&self, now: DateTime<Utc>) -> GroupState {
        GroupState::at(now, self.starts_at, self.stops_at)
    }

    /// All that run now, by Order then Name.
    pub fn running(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<Vec<Self>> {
        Kept(
            sql_query(groups_where!(
                "starts_at <= $2 AND (stops_at IS NULL OR stops_at > $2) ORDER BY display_order, lower(name), id"
            ))
            .bind::<BigInt, _>(member)
            .bind::<Timestamptz, _>(now),
        )
        .load(conn)
    }

    /// A shown group that has begun; others are not found.
    pub fn find(conn: &mut PgConnection, member: MemberId, id: GroupId, now: DateTime<Utc>) -> QueryResult<Self> {
        Kept(
            sql_query(groups_where!("id = $2 AND starts_at <= $3"))
                .bind::<BigInt, _>(member)
                .bind::<BigInt, _>(id)
                .bind::<Timestamptz, _>(now),
        )
        .get_result(conn)
    }
}

/// `GET /app/groups`
pub async fn index(shell: MemberShell, who: SignedInMember, db: Db) -> PageResult {
    let now = shell.now;
    let groups = db.read(move |conn| -> Result<_, AppError> { Ok(AppGroup::running(conn, who.id, now)?) }).await?;
    show(&GroupsPage { shell, groups })
}
