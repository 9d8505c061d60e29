//! As whom Muster works in the database.

use diesel::sql_types::Bool;
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

/// The role of migration 400020: it reads and writes what it must, and cannot change what the audit log says.
pub const APP_ROLE: &str = "muster_app";

#[derive(QueryableByName)]
struct MayRow {
    #[diesel(sql_type = Bool)]
    may: bool,
}

/// Whether whoever is connected could change or remove entries of the audit log, but for its triggers.
pub fn may_change_the_log(conn: &mut PgConnection) -> QueryResult<bool> {
    sql_query(
        "SELECT has_table_privilege('audit_entry', 'UPDATE') OR has_table_privilege('audit_entry', 'DELETE')
            OR has_table_privilege('audit_head', 'UPDATE') AS may",
    )
    .get_result::<MayRow>(conn)
    .map(|row| row.may)
}
