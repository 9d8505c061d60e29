//! One member's uses come one after the other, so that each sees the counts of the one before.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use crate::db::Kept;
use crate::ids::MemberId;
use crate::schema::member;

#[derive(QueryableByName)]
struct LockedRow {
    #[diesel(sql_type = BigInt)]
    id: MemberId,
    #[diesel(sql_type = Bool)]
    has_card: bool,
}

/// Takes the turns of all members whom these codes belong to, and of whom the card belongs to; whose card it is.
pub(super) fn owners(conn: &mut PgConnection, codes: &[String], card: Option<&str>) -> QueryResult<Option<MemberId>> {
    let rows: Vec<LockedRow> = Kept(
        sql_query(
            "SELECT id, coalesce(id = (SELECT member_id FROM member_card WHERE code = $2), false) AS has_card
             FROM member WHERE id IN (
               SELECT member_id FROM code WHERE text = ANY($1) UNION SELECT member_id FROM member_card WHERE code = $2)
             ORDER BY id FOR NO KEY UPDATE OF member",
        )
        .bind::<Array<Text>, _>(codes)
        .bind::<Nullable<Text>, _>(card),
    )
    .load(conn)?;
    Ok(rows.into_iter().find(|row| row.has_card).map(|row| row.id))
}

/// Takes the turns of these members.
pub(super) fn members(conn: &mut PgConnection, mut members: Vec<MemberId>) -> QueryResult<()> {
    members.sort_unstable();
    members.dedup();
    if members.is_empty() {
        return Ok(());
    }
    member::table
        .filter(member::id.eq_any(members))
        .order(member::id)
        .select(member::id)
        .for_no_key_update()
        .load::<i64>(conn)
        .map(|_| ())
}
