//! Brings the database to this version's tables.

use diesel::PgConnection;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

/// All migrations, inside the program.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Runs what is not yet run. Several programs may start at once: they take turns.
pub fn run(conn: &mut PgConnection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    use diesel::RunQueryDsl;
    // any fixed number: it only has to be the same in every Muster
    diesel::sql_query("SELECT pg_advisory_lock(77238837)").execute(conn)?;
    let outcome = conn.run_pending_migrations(MIGRATIONS).map(|_| ());
    diesel::sql_query("SELECT pg_advisory_unlock(77238837)").execute(conn)?;
    outcome
}
