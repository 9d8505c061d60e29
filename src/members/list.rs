//! Members without a search, the newest first; and how many there are.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::member::{MemberRow, ROW_COLUMNS};
use super::search::PAGE;
use crate::ids::GroupId;
use crate::web::{Keyset, Slice};

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A page of all members, or of those in a group, or of those who are (not) blocked.
pub fn newest(
    conn: &mut PgConnection,
    group: Option<GroupId>,
    blocked: Option<bool>,
    keyset: &Keyset,
) -> QueryResult<Slice<MemberRow>> {
    let (than, order) = if keyset.is_backwards() { (">", "ASC") } else { ("<", "DESC") };
    let blocked = blocked_condition(blocked);
    let first = if keyset.is_backwards() { 0 } else { i64::MAX };
    let key: i64 = keyset.key().and_then(|key| key.parse().ok()).unwrap_or(first);
    // by the group's own index, which holds its members in this order
    let (from, id) = match group {
        Some(_) => (
            "membership JOIN member ON member.id = membership.member_id AND group_id = $2 AND left_at IS NULL",
            "membership.member_id",
        ),
        None => ("member", "member.id"),
    };
    let statement = format!(
        "SELECT {ROW_COLUMNS} FROM {from} WHERE {id} {than} $1 {blocked} ORDER BY {id} {order} LIMIT {}",
        PAGE + 1
    );
    let mut query = diesel::sql_query(statement).into_boxed().bind::<BigInt, _>(key);
    if let Some(group) = group {
        query = query.bind::<BigInt, _>(group);
    }
    Ok(Slice::cut(query.load(conn)?, keyset, PAGE, |row: &MemberRow| row.id.to_string()))
}

/// How many there are, exactly, from sums and small indexes.
pub fn count(conn: &mut PgConnection, group: Option<GroupId>, blocked: Option<bool>) -> QueryResult<i64> {
    let all = match group {
        Some(_) => "SELECT coalesce(sum(change), 0) FROM member_group_count WHERE group_id = $1",
        None => "SELECT coalesce(sum(change), 0) FROM member_count WHERE $1 IS NOT NULL",
    };
    let few = match group {
        Some(_) => {
            "SELECT count(*) FROM member WHERE blocked_at IS NOT NULL AND EXISTS (
                      SELECT FROM membership WHERE member_id = member.id AND group_id = $1 AND left_at IS NULL)"
        }
        None => "SELECT count(*) FROM member WHERE blocked_at IS NOT NULL",
    };
    let statement = match blocked {
        None => format!("SELECT ({all})::bigint AS count"),
        Some(true) => format!("SELECT ({few})::bigint AS count, $1 IS NULL AS unused"),
        Some(false) => format!("SELECT (({all}) - ({few}))::bigint AS count"),
    };
    let row: CountRow = diesel::sql_query(statement).bind::<BigInt, _>(group.unwrap_or(GroupId(0))).get_result(conn)?;
    Ok(row.count)
}

fn blocked_condition(blocked: Option<bool>) -> &'static str {
    match blocked {
        Some(true) => "AND member.blocked_at IS NOT NULL",
        Some(false) => "AND member.blocked_at IS NULL",
        None => "",
    }
}
