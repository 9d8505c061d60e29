//! Only an empty database is filled: made-up people must never be mixed with real ones.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

#[derive(QueryableByName)]
struct ThereRow {
    #[diesel(sql_type = Nullable<Text>)]
    there: Option<String>,
}

/// What the database has already, in words ("members, groups"); nothing when it is as the migrations left it.
/// Dashboard users and settings do not count.
pub fn what_is_there(conn: &mut PgConnection) -> QueryResult<Option<String>> {
    let row: ThereRow = diesel::sql_query(
        "SELECT concat_ws(', ',
           CASE WHEN EXISTS (SELECT FROM member) THEN 'members' END,
           CASE WHEN EXISTS (SELECT FROM member_group) THEN 'groups' END,
           CASE WHEN EXISTS (SELECT FROM campaign) THEN 'campaigns' END,
           CASE WHEN EXISTS (SELECT FROM membership) OR EXISTS (SELECT FROM delivery) OR EXISTS (SELECT FROM code)
                  OR EXISTS (SELECT FROM validation) THEN 'other data' END) AS there",
    )
    .get_result(conn)?;
    Ok(row.there.filter(|there| !there.is_empty()))
}
