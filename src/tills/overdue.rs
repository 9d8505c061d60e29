//! Reservations that are over end by themselves: their uses go back to the codes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use crate::db::Kept;

/// Reservations ended in one transaction of the worker.
const CHUNK: i64 = 500;

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What follows `over`, the rows that are over. They are picked past those that others hold, and codes are locked in
/// their order, so that nobody waits in a circle.
macro_rules! ended {
    ($over:literal) => {
        concat!(
            "WITH over AS (",
            $over,
            " FOR UPDATE OF reservation SKIP LOCKED),
             ended AS (
               UPDATE reservation SET expired_at = $1 FROM over
               WHERE reservation.id = over.id AND reservation.code = over.code RETURNING reservation.code),
             back AS (SELECT code, count(*) AS uses FROM ended GROUP BY code),
             locked AS (SELECT text FROM code WHERE text IN (SELECT code FROM back) ORDER BY text FOR UPDATE),
             given AS (
               UPDATE code SET uses_taken = uses_taken - back.uses FROM back JOIN locked ON locked.text = back.code
               WHERE code.text = back.code)
             SELECT count(*) AS count FROM ended"
        )
    };
}

/// Ends what is over of this code, with all that was reserved together with it.
pub(super) fn of_code(conn: &mut PgConnection, code: &str, now: DateTime<Utc>) -> QueryResult<()> {
    Kept(
        sql_query(ended!(
            "SELECT id, code FROM reservation WHERE validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL
               AND ends_at <= $1 AND id IN (SELECT id FROM reservation WHERE code = $2 AND validated_at IS NULL
                 AND cancelled_at IS NULL AND expired_at IS NULL AND ends_at <= $1)"
        ))
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(code),
    )
    .execute(conn)
    .map(|_| ())
}

/// Ends all that are over, for the worker.
pub fn end_all(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    loop {
        let ended: CountRow = Kept(
            sql_query(ended!(
                "SELECT id, code FROM reservation WHERE validated_at IS NULL AND cancelled_at IS NULL
                   AND expired_at IS NULL AND ends_at <= $1 ORDER BY ends_at LIMIT $2"
            ))
            .bind::<Timestamptz, _>(now)
            .bind::<BigInt, _>(CHUNK),
        )
        .get_result(conn)?;
        if ended.count < CHUNK {
            return Ok(());
        }
    }
}
