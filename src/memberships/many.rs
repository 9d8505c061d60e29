//! Many stays at once, each chunk in one statement: for imports and other programs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Jsonb, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::Source;
use crate::db::Kept;
use crate::deliveries::{issue, issue_many};
use crate::ids::{GroupId, MemberId};
use crate::schema::member;

/// A member and a group.
pub type Pair = (MemberId, GroupId);

#[derive(QueryableByName)]
struct PairRow {
    #[diesel(sql_type = BigInt)]
    member_id: MemberId,
    #[diesel(sql_type = BigInt)]
    group_id: GroupId,
}

/// Takes these members' turns, in the order that keeps two such chunks from waiting for each other in a circle.
pub fn lock_members(conn: &mut PgConnection, members: &[MemberId]) -> QueryResult<()> {
    member::table
        .filter(member::id.eq_any(members))
        .order(member::id)
        .select(member::id)
        .for_no_key_update()
        .load::<i64>(conn)
        .map(|_| ())
}

/// Opens those of the stays that are not open, in groups that are not over, and issues what live campaigns have for
/// them. The members' turns are taken. Returns those that were opened.
pub fn join_many(
    conn: &mut PgConnection,
    pairs: &[Pair],
    source: &Source,
    now: DateTime<Utc>,
) -> QueryResult<BTreeSet<Pair>> {
    const JOIN: &str = "INSERT INTO membership (member_id, group_id, joined_at, source, source_detail)
         SELECT wanted.member_id, wanted.group_id, $3, $4, $5
         FROM unnest($1, $2) AS wanted (member_id, group_id) JOIN member_group ON member_group.id = wanted.group_id
         WHERE stops_at IS NULL OR stops_at > $3 ORDER BY wanted.group_id, wanted.member_id
       ON CONFLICT (group_id, member_id) WHERE left_at IS NULL DO NOTHING
       RETURNING member_id, group_id";
    let joined = run(conn, JOIN, pairs, source, now)?;
    for (group, members) in by_group(&joined) {
        issue_many::on_join(conn, &members, group, now)?;
    }
    Ok(joined)
}

/// Closes those of the stays that are open, in groups that are not over, and withdraws what came only through them.
/// The members' turns are taken. Returns those that were closed.
pub fn leave_many(
    conn: &mut PgConnection,
    pairs: &[Pair],
    source: &Source,
    now: DateTime<Utc>,
) -> QueryResult<BTreeSet<Pair>> {
    const LEAVE: &str = "UPDATE membership SET left_at = greatest(joined_at, $3), left_source = $4, left_detail = $5
       FROM unnest($1, $2) AS wanted (member_id, group_id) JOIN member_group ON member_group.id = wanted.group_id
       WHERE membership.member_id = wanted.member_id AND membership.group_id = wanted.group_id AND left_at IS NULL
         AND (stops_at IS NULL OR stops_at > $3)
       RETURNING membership.member_id, membership.group_id";
    let left = run(conn, LEAVE, pairs, source, now)?;
    for (group, members) in by_group(&left) {
        if issue_many::is_included_somewhere(conn, group)? {
            for member in members {
                issue::on_leave(conn, member, &[group], now)?;
            }
        }
    }
    Ok(left)
}

fn run(
    conn: &mut PgConnection,
    statement: &'static str,
    pairs: &[Pair],
    source: &Source,
    now: DateTime<Utc>,
) -> QueryResult<BTreeSet<Pair>> {
    if pairs.is_empty() {
        return Ok(BTreeSet::new());
    }
    let (members, groups): (Vec<MemberId>, Vec<GroupId>) = pairs.iter().copied().unzip();
    let rows: Vec<PairRow> = Kept(
        sql_query(statement)
            .bind::<Array<BigInt>, _>(members)
            .bind::<Array<BigInt>, _>(groups)
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(source.key())
            .bind::<Jsonb, _>(source.detail()),
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| (row.member_id, row.group_id)).collect())
}

fn by_group(pairs: &BTreeSet<Pair>) -> BTreeMap<GroupId, Vec<MemberId>> {
    let mut groups: BTreeMap<GroupId, Vec<MemberId>> = BTreeMap::new();
    for (member, group) in pairs {
        groups.entry(*group).or_default().push(*member);
    }
    groups
}
