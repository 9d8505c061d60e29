use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

#[derive(QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct TextRow {
    #[diesel(sql_type = Text)]
    text: String,
}

/// Runs statements.
pub fn run(conn: &mut PgConnection, sql: &str) {
    use diesel::connection::SimpleConnection;
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// The one number that a query returns.
pub fn number(conn: &mut PgConnection, sql: &str) -> i64 {
    let row = diesel::sql_query(format!("SELECT ({sql})::bigint AS number")).get_result::<NumberRow>(conn);
    row.unwrap_or_else(|error| panic!("{error}: {sql}")).number
}

/// A list of texts.
pub fn texts(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows = diesel::sql_query(format!("SELECT value::text AS text FROM ({sql}) AS list (value)"));
    rows.load::<TextRow>(conn)
        .unwrap_or_else(|error| panic!("{error}: {sql}"))
        .into_iter()
        .map(|row| row.text)
        .collect()
}
