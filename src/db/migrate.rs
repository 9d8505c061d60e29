//! Brings the database to this version's tables.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Bool;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// All migrations, inside the program.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

#[derive(QueryableByName)]
struct LockRow {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// Runs what is not yet run. Several programs may start at once: they take turns.
pub fn run(conn: &mut PgConnection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    lock(conn)?;
    let outcome = conn.run_pending_migrations(MIGRATIONS).map(|_| ());
    sql_query("SELECT pg_advisory_unlock(77238837)").execute(conn)?;
    outcome
}

/// Asks again and again instead of waiting in the database: a statement that waits there holds a snapshot, which an
/// index that is built concurrently would wait for in its turn. The number is any that is the same in every Muster.
fn lock(conn: &mut PgConnection) -> QueryResult<()> {
    while !sql_query("SELECT pg_try_advisory_lock(77238837) AS locked").get_result::<LockRow>(conn)?.locked {
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
