//! What follows from an answer, for the delivery and for its webhook.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Double, Nullable, SmallInt, Text, Timestamptz};
use rand::RngExt;

use super::due::Errand;
use super::give_up;
use super::post::Answer;
use crate::db::Kept;

/// Seconds until the next attempt: together about three days.
const WAITS: [i64; 13] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800, 43_200, 57_600, 86_400];

/// How long until the next attempt after so many; none: that was the last. A little more or less, so that what failed
/// together does not come again together.
fn wait(attempts: i16, asked: Option<u64>) -> Option<Duration> {
    let seconds = *WAITS.get(usize::try_from(attempts).ok()?.checked_sub(1)?)?;
    let jitter = rand::rng().random_range(0.8..1.2);
    let millis = (seconds as f64 * jitter * 1_000.0) as i64;
    let asked = asked.and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(0);
    Some(Duration::milliseconds(millis).max(Duration::seconds(asked)))
}

/// Stores what became of an attempt.
pub(super) fn store(conn: &mut PgConnection, errand: &Errand, answer: &Answer, now: DateTime<Utc>) -> QueryResult<()> {
    match answer {
        Answer::Taken(status) => conn.transaction(|conn| taken(conn, errand, *status)),
        Answer::Gone(status) => {
            conn.transaction(|conn| failed(conn, errand, Some(*status), "HTTP 410: gone", None, now))?;
            give_up::gone(conn, errand.webhook, now)
        }
        Answer::Later { status, words, wait } => {
            conn.transaction(|conn| failed(conn, errand, *status, words, *wait, now))?;
            give_up::if_it_has_failed_for_days(conn, errand.webhook, words, now)
        }
    }
}

fn taken(conn: &mut PgConnection, errand: &Errand, status: u16) -> QueryResult<()> {
    Kept(
        sql_query(
            "UPDATE webhook_delivery SET state = 'delivered', leased_until = NULL, status = $3, error = NULL
             WHERE webhook_id = $1 AND event_id = $2 AND state = 'sending'",
        )
        .bind::<BigInt, _>(errand.webhook)
        .bind::<BigInt, _>(errand.event)
        .bind::<SmallInt, _>(i16::try_from(status).unwrap_or(0)),
    )
    .execute(conn)?;
    Kept(
        sql_query(
            "UPDATE webhook SET failures = 0, rest_until = NULL, failing_since = NULL
             WHERE id = $1 AND (failures > 0 OR failing_since IS NOT NULL)",
        )
        .bind::<BigInt, _>(errand.webhook),
    )
    .execute(conn)
    .map(|_| ())
}

/// The webhook rests: a second first, a minute at last.
fn failed(
    conn: &mut PgConnection,
    errand: &Errand,
    status: Option<u16>,
    words: &str,
    asked: Option<u64>,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let next = wait(errand.attempts, asked).map(|wait| now + wait);
    Kept(
        sql_query(
            "UPDATE webhook_delivery SET state = CASE WHEN $5::timestamptz IS NULL THEN 'failed' ELSE 'queued' END,
               next_attempt_at = coalesce($5, next_attempt_at), leased_until = NULL, status = $3, error = $4
             WHERE webhook_id = $1 AND event_id = $2 AND state = 'sending'",
        )
        .bind::<BigInt, _>(errand.webhook)
        .bind::<BigInt, _>(errand.event)
        .bind::<Nullable<SmallInt>, _>(status.and_then(|status| i16::try_from(status).ok()))
        .bind::<Text, _>(words)
        .bind::<Nullable<Timestamptz>, _>(next),
    )
    .execute(conn)?;
    Kept(
        sql_query(
            "UPDATE webhook SET failures = failures + 1, failing_since = coalesce(failing_since, $2),
               rest_until = $2 + greatest(least(2.0 ^ least(failures, 10), 60) * $3, $4) * interval '1 second'
             WHERE id = $1",
        )
        .bind::<BigInt, _>(errand.webhook)
        .bind::<Timestamptz, _>(now)
        .bind::<Double, _>(rand::rng().random_range(0.8..1.2))
        .bind::<Double, _>(asked.unwrap_or(0) as f64),
    )
    .execute(conn)
    .map(|_| ())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn attempts_go_on_for_about_three_days() {
        let all: i64 = (1..=13).map(|attempts| wait(attempts, None).unwrap().num_seconds()).sum();
        assert!((55 * 3600..90 * 3600).contains(&all), "{all}");
        assert_eq!(wait(14, None), None);
        assert_eq!(wait(14, Some(5)), None);
        let first = wait(1, None).unwrap().num_milliseconds();
        assert!((4_000..=6_000).contains(&first), "{first}");
        assert_eq!(wait(1, Some(900)).unwrap(), Duration::seconds(900));
    }
}
