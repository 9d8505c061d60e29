//! Brings the database to this version's tables.

use std::collections::HashSet;
use std::time::Duration;

use diesel::migration::MigrationSource;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// All migrations, inside the program.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

#[derive(QueryableByName)]
struct YesRow {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct VersionRow {
    #[diesel(sql_type = Text)]
    version: String,
}

/// Runs what is not yet run. Several programs may start at once: they take turns.
pub fn run(conn: &mut PgConnection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    // who may not change tables may still start, as long as there is nothing to change
    if is_current(conn)? {
        return Ok(());
    }
    lock(conn)?;
    let outcome = conn.run_pending_migrations(MIGRATIONS).map(|_| ());
    sql_query("SELECT pg_advisory_unlock(77238837)").execute(conn)?;
    outcome
}

fn is_current(conn: &mut PgConnection) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let there = "SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS yes";
    if !sql_query(there).get_result::<YesRow>(conn)?.yes {
        return Ok(false);
    }
    let done: Vec<VersionRow> =
        sql_query("SELECT version::text AS version FROM __diesel_schema_migrations").load(conn)?;
    let done: HashSet<String> = done.into_iter().map(|row| row.version).collect();
    let all = MigrationSource::<Pg>::migrations(&MIGRATIONS)?;
    Ok(all.iter().all(|migration| done.contains(&migration.name().version().to_string())))
}

/// Asks again and again instead of waiting in the database: a statement that waits there holds a snapshot, which an
/// index that is built concurrently would wait for in its turn. The number is any that is the same in every Muster.
fn lock(conn: &mut PgConnection) -> QueryResult<()> {
    while !sql_query("SELECT pg_try_advisory_lock(77238837) AS yes").get_result::<YesRow>(conn)?.yes {
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
