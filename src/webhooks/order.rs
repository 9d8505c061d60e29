//! Events get their place in the order in which they became visible, and a delivery to each webhook that wants them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Timestamptz};

use crate::db::Kept;

/// Events of one transaction.
const BATCH: i64 = 1_000;

#[derive(QueryableByName)]
struct YesRow {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Until the transaction ends nobody else appends events or changes who gets them. The number is any that is the same in
/// every Muster.
pub fn keep_order(conn: &mut PgConnection) -> QueryResult<()> {
    Kept(sql_query("SELECT pg_advisory_xact_lock(77238838)")).execute(conn).map(|_| ())
}

/// Takes the next events; how many. While another worker does so, none.
pub(super) fn order_next(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<i64> {
    let waits = Kept(sql_query("SELECT EXISTS (SELECT FROM webhook_inbox) AS yes"));
    if !waits.get_result::<YesRow>(conn)?.yes {
        return Ok(0);
    }
    conn.transaction(|conn| {
        let free = Kept(sql_query("SELECT pg_try_advisory_xact_lock(77238838) AS yes")).get_result::<YesRow>(conn)?;
        if !free.yes {
            return Ok(0);
        }
        // What began before all that still runs is complete. What seems to come from the future was restored from another
        // PostgreSQL, whose count of transactions stood higher.
        Kept(
            sql_query(
                "WITH moved AS (
                   DELETE FROM webhook_inbox WHERE (xid, id) IN (
                     SELECT xid, id FROM webhook_inbox
                     WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) OR xid >= pg_snapshot_xmax(pg_current_snapshot())
                     ORDER BY xid, id LIMIT $2)
                   RETURNING *),
                 told AS (
                   INSERT INTO webhook_event (key, kind, at, payload, recorded_at)
                     SELECT key, kind, at, payload, $1 FROM moved ORDER BY xid, id
                   RETURNING id, kind),
                 sent AS (
                   INSERT INTO webhook_delivery (webhook_id, event_id, next_attempt_at)
                     SELECT webhook.id, told.id, $1 FROM told
                     JOIN webhook ON disabled_at IS NULL AND (kinds = '{}' OR told.kind = ANY (kinds)))
                 SELECT count(*) AS count FROM told",
            )
            .bind::<Timestamptz, _>(now)
            .bind::<BigInt, _>(BATCH),
        )
        .get_result::<CountRow>(conn)
        .map(|row| row.count)
    })
}
