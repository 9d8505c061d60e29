//! What is due: taken for a while by one worker.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Jsonb, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use super::event::{body, name};
use crate::db::Kept;

/// How long a worker has what it took for itself: longer than all of a batch may take.
const LEASE: Duration = Duration::minutes(2);
/// Taken at once from a webhook that answers.
pub(super) const BATCH: i64 = 20;

/// An event on its way.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Errand {
    pub webhook: i64,
    pub event: i64,
    /// With this one.
    pub attempts: i16,
    pub url: String,
    /// Sealed.
    pub secret: Vec<u8>,
    /// The one before, while it signs too.
    pub old_secret: Option<Vec<u8>>,
    pub name: String,
    pub body: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    event_id: i64,
    #[diesel(sql_type = SmallInt)]
    attempts: i16,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = diesel::sql_types::Binary)]
    secret: Vec<u8>,
    #[diesel(sql_type = Nullable<diesel::sql_types::Binary>)]
    old_secret: Option<Vec<u8>>,
    #[diesel(sql_type = SqlUuid)]
    key: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Jsonb)]
    payload: Value,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Webhooks with something due, which do not rest after a failure.
pub(super) fn webhooks(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<i64>> {
    let rows: Vec<IdRow> = Kept(
        sql_query(
            "SELECT id FROM webhook WHERE disabled_at IS NULL AND (rest_until IS NULL OR rest_until <= $1)
               AND EXISTS (SELECT FROM webhook_delivery WHERE webhook_id = webhook.id AND state IN ('queued', 'sending')
                 AND next_attempt_at <= $1 AND (leased_until IS NULL OR leased_until <= $1))
             ORDER BY id",
        )
        .bind::<Timestamptz, _>(now),
    )
    .load(conn)?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Takes the next of a webhook, the oldest event first; one only where the last attempt failed. What a worker had taken
/// that is no more, comes again.
pub(super) fn take(conn: &mut PgConnection, webhook: i64, now: DateTime<Utc>) -> QueryResult<Vec<Errand>> {
    let rows: Vec<Row> = Kept(
        sql_query(
            "WITH hook AS (
               SELECT id, url, secret, CASE WHEN old_until > $2 THEN old_secret END AS old_secret,
                 CASE WHEN failures > 0 THEN 1 ELSE $4 END AS most
               FROM webhook WHERE id = $1 AND disabled_at IS NULL AND (rest_until IS NULL OR rest_until <= $2)),
             due AS (
               SELECT webhook_id, event_id FROM webhook_delivery
               WHERE webhook_id = (SELECT id FROM hook) AND state IN ('queued', 'sending') AND next_attempt_at <= $2
                 AND (leased_until IS NULL OR leased_until <= $2)
               ORDER BY next_attempt_at, event_id LIMIT (SELECT most FROM hook) FOR NO KEY UPDATE SKIP LOCKED),
             taken AS (
               UPDATE webhook_delivery AS delivery
               SET state = 'sending', leased_until = $3, attempts = least(attempts + 1, 32000), attempted_at = $2
               FROM due WHERE delivery.webhook_id = due.webhook_id AND delivery.event_id = due.event_id
               RETURNING delivery.event_id, delivery.attempts)
             SELECT event_id, attempts, url, secret, old_secret, key, kind, at, payload
             FROM taken JOIN webhook_event AS event ON event.id = event_id CROSS JOIN hook ORDER BY event_id",
        )
        .bind::<BigInt, _>(webhook)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now + LEASE)
        .bind::<BigInt, _>(BATCH),
    )
    .load(conn)?;
    let errand = |row: Row| Errand {
        webhook,
        event: row.event_id,
        attempts: row.attempts,
        url: row.url,
        secret: row.secret,
        old_secret: row.old_secret,
        name: name(row.key),
        body: body(&row.kind, row.at, &row.payload),
    };
    Ok(rows.into_iter().map(errand).collect())
}

/// Gives back what was taken and not tried.
pub(super) fn give_back(conn: &mut PgConnection, errand: &Errand) -> QueryResult<()> {
    Kept(
        sql_query(
            "UPDATE webhook_delivery SET state = 'queued', leased_until = NULL, attempts = greatest(attempts - 1, 0)
             WHERE webhook_id = $1 AND event_id = $2 AND state = 'sending'",
        )
        .bind::<BigInt, _>(errand.webhook)
        .bind::<BigInt, _>(errand.event),
    )
    .execute(conn)
    .map(|_| ())
}
