//! A table is filled quickest without its indexes and foreign keys; they are made again when it is full. What they
//! are is read from the database, so that a migration need not be told here.

use diesel::prelude::*;
use diesel::sql_types::Text;

#[derive(QueryableByName)]
struct PartRow {
    #[diesel(sql_type = Text)]
    removal: String,
    #[diesel(sql_type = Text)]
    making: String,
}

/// What was removed from a table and waits to be made again.
#[must_use]
pub struct SetAside {
    makings: Vec<String>,
}

impl SetAside {
    /// Removes the table's indexes (but the primary key), unique constraints and foreign keys.
    /// Within a transaction nobody else sees it so.
    pub fn of(conn: &mut PgConnection, table: &'static str) -> QueryResult<Self> {
        let parts: Vec<PartRow> = diesel::sql_query(
            "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS removal,
                    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(c.oid)) AS making
             FROM pg_constraint AS c
             WHERE conrelid = $1::regclass AND contype IN ('u', 'f')
               AND NOT EXISTS (SELECT FROM pg_constraint AS other WHERE other.contype = 'f' AND other.oid <> c.oid AND c.contype = 'u' AND other.conindid = c.conindid)
             UNION ALL
             SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
             FROM pg_index WHERE indrelid = $1::regclass AND NOT indisprimary
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
             ORDER BY 2",
        )
        .bind::<Text, _>(table)
        .load(conn)?;
        for part in &parts {
            diesel::sql_query(&part.removal).execute(conn)?;
        }
        Ok(Self { makings: parts.into_iter().map(|part| part.making).collect() })
    }

    /// Makes everything again; what the rows break is an error.
    pub fn make_again(self, conn: &mut PgConnection) -> QueryResult<()> {
        for making in &self.makings {
            tracing::debug!(making, "seed");
            diesel::sql_query(making).execute(conn)?;
        }
        Ok(())
    }
}
