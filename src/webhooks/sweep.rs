//! Events that are older than what is kept are forgotten, with their deliveries.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};

use super::event::KEPT_DAYS;

/// Events of one statement.
const BATCH: i64 = 20_000;

#[derive(QueryableByName)]
struct LastRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    last: Option<i64>,
}

/// Forgets them; they are the first in the order.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    let found: LastRow = sql_query(
        "SELECT max(id) AS last FROM (SELECT id, recorded_at FROM webhook_event ORDER BY id LIMIT $2) AS first
         WHERE recorded_at < $1",
    )
    .bind::<Timestamptz, _>(now - Duration::days(KEPT_DAYS))
    .bind::<BigInt, _>(BATCH)
    .get_result(conn)?;
    let Some(last) = found.last else { return Ok(()) };
    conn.transaction(|conn| {
        for statement in [
            "DELETE FROM webhook_delivery USING webhook WHERE webhook_id = webhook.id AND event_id <= $1",
            "DELETE FROM webhook_event WHERE id <= $1",
        ] {
            sql_query(statement).bind::<BigInt, _>(last).execute(conn)?;
        }
        Ok(())
    })
}
