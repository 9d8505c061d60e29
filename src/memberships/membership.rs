//! A stay: from joining to leaving. Rows are closed, never deleted.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::Source;
use crate::db::Kept;
use crate::deliveries::issue;
use crate::ids::{GroupId, MemberId};
use crate::schema::{member, membership};

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = BigInt)]
    group_id: GroupId,
}

/// Takes the member's turn: until the transaction ends, no other changes this member's groups or uses a code
/// for them. Not found: there is no such member.
pub fn lock_member(conn: &mut PgConnection, member: MemberId) -> QueryResult<()> {
    member::table.find(member).select(member::id).for_no_key_update().first::<i64>(conn).map(|_| ())
}

/// Opens stays in those of the groups that are not over and the member is not in, and issues what live campaigns
/// have for them. Returns the groups joined.
pub fn join(
    conn: &mut PgConnection,
    member: MemberId,
    groups: &[GroupId],
    source: &Source,
    now: DateTime<Utc>,
) -> QueryResult<Vec<GroupId>> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let joined: Vec<GroupRow> = Kept(
        sql_query(
            "INSERT INTO membership (member_id, group_id, joined_at, source, source_detail)
           SELECT $1, id, $3, $4, $5 FROM member_group
           WHERE id = ANY($2) AND (stops_at IS NULL OR stops_at > $3) ORDER BY id
         ON CONFLICT (group_id, member_id) WHERE left_at IS NULL DO NOTHING
         RETURNING group_id",
        )
        .bind::<BigInt, _>(member)
        .bind::<Array<BigInt>, _>(groups)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(source.key())
        .bind::<Jsonb, _>(source.detail()),
    )
    .load(conn)?;
    let joined: Vec<GroupId> = joined.into_iter().map(|row| row.group_id).collect();
    if !joined.is_empty() {
        issue::on_join(conn, member, &joined, now)?;
    }
    Ok(joined)
}

/// Closes the member's open stays in those of the groups that are not over, and withdraws what came only through
/// them. Returns the groups left.
pub fn leave(
    conn: &mut PgConnection,
    member: MemberId,
    groups: &[GroupId],
    source: &Source,
    now: DateTime<Utc>,
) -> QueryResult<Vec<GroupId>> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let left: Vec<GroupRow> = Kept(
        sql_query(
            "UPDATE membership SET left_at = greatest(joined_at, $3), left_source = $4, left_detail = $5
         FROM member_group
         WHERE member_id = $1 AND group_id = ANY($2) AND left_at IS NULL
           AND member_group.id = group_id AND (stops_at IS NULL OR stops_at > $3)
         RETURNING group_id",
        )
        .bind::<BigInt, _>(member)
        .bind::<Array<BigInt>, _>(groups)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(source.key())
        .bind::<Jsonb, _>(source.detail()),
    )
    .load(conn)?;
    let left: Vec<GroupId> = left.into_iter().map(|row| row.group_id).collect();
    if !left.is_empty() {
        issue::on_leave(conn, member, &left, now)?;
    }
    Ok(left)
}

/// The groups the member is in now.
pub fn open_groups(conn: &mut PgConnection, member: MemberId) -> QueryResult<BTreeSet<GroupId>> {
    let groups: Vec<GroupId> = membership::table
        .filter(membership::member_id.eq(member).and(membership::left_at.is_null()))
        .select(membership::group_id)
        .load(conn)?;
    Ok(groups.into_iter().collect())
}

/// What came of an agent's edit of a member's groups.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Groups the member was in when the edit was applied.
    pub before: BTreeSet<GroupId>,
    /// Joined by this edit.
    pub joined: Vec<GroupId>,
    /// Left by this edit.
    pub left: Vec<GroupId>,
    /// Joined by someone else since the form was shown, and left alone.
    pub joined_meanwhile: Vec<GroupId>,
    /// Left by someone else since the form was shown, and left alone.
    pub left_meanwhile: Vec<GroupId>,
}

/// Applies only what the agent changed: `shown` were ticked when the form was made, `ticked` are now. What someone
/// else changed meanwhile stays, and is told.
pub fn revise(
    conn: &mut PgConnection,
    member: MemberId,
    shown: &BTreeSet<GroupId>,
    ticked: &BTreeSet<GroupId>,
    source: &Source,
    now: DateTime<Utc>,
) -> QueryResult<Revision> {
    lock_member(conn, member)?;
    let before = open_groups(conn, member)?;
    let opened: Vec<GroupId> = ticked.difference(shown).copied().collect();
    let closed: Vec<GroupId> = shown.difference(ticked).copied().collect();
    Ok(Revision {
        joined: join(conn, member, &opened, source, now)?,
        left: leave(conn, member, &closed, source, now)?,
        joined_meanwhile: before.difference(shown).copied().collect(),
        left_meanwhile: shown.difference(&before).copied().collect(),
        before,
    })
}
