//! How many members there are, exactly, whatever their number.

use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    members: i64,
}

/// All members, blocked ones too: the sum of a few rows, not a count of a million.
pub fn count(conn: &mut PgConnection) -> QueryResult<i64> {
    let row: CountRow =
        sql_query("SELECT coalesce(sum(change), 0)::bigint AS members FROM member_count").get_result(conn)?;
    Ok(row.members)
}
