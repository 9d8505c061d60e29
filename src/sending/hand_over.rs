//! The last look before a message is given away, and what came of the one before: one statement, one transaction.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::answer::Answer;
use super::lease::Leased;
use super::verdict::{Go, carried_out};
use crate::db::Kept;

/// Stores an answer, once: a row that is no longer this worker's is left alone. That a sweeper took the worker for dead
/// does not count against its answer; a report that came before the answer is the later word.
/// Parameters: 1 the time, 2 the worker, 3–8 the answer.
const ANSWER: &str = "answered AS (
      UPDATE message SET
        state = CASE WHEN $4 = 'sent' AND state IN ('accepted', 'bounced') THEN state ELSE $4 END,
        moved_at = $1, attempts = $5, next_attempt_at = coalesce($6, next_attempt_at),
        provider_id = coalesce($7, provider_id), error = coalesce($8, error), worker = NULL, leased_until = NULL
      WHERE id = $3 AND worker = $2 AND state IN ('queued', 'sending', 'uncertain', 'accepted', 'bounced')
      RETURNING member_id, campaign_id, purpose, channel),
    answered_delivery AS (
      UPDATE delivery SET
        sent_at = CASE WHEN $4 = 'sent' THEN coalesce(sent_at, $1) ELSE sent_at END,
        failed_at = CASE WHEN $4 = 'failed' THEN $1 END,
        uncertain_at = CASE WHEN $4 = 'uncertain' THEN $1 END,
        reason = CASE WHEN $4 IN ('failed', 'uncertain') THEN $8 ELSE reason END
      FROM answered JOIN campaign ON campaign.id = answered.campaign_id
      WHERE delivery.member_id = answered.member_id AND delivery.campaign_id = answered.campaign_id
        AND answered.purpose = 'coupon' AND answered.channel = campaign.channel
        AND ($4 <> 'queued' OR delivery.uncertain_at IS NOT NULL))";

fn hand_over_sql() -> String {
    let picked = "SELECT id FROM message WHERE id = $9 AND worker = $2 AND state = 'queued' FOR UPDATE";
    let go = Go {
        state: "sending",
        moved: "$1",
        delivery: "NULL",
        lease: "worker = CASE WHEN verdict = 'go' THEN message.worker END, leased_until = NULL",
    };
    // to whom it was made out is still where the member is
    let same = "it.address IS NOT DISTINCT FROM $10";
    format!("WITH {ANSWER}, {} SELECT verdict FROM checked", carried_out(picked, "", same, &go))
}

#[derive(QueryableByName)]
struct VerdictRow {
    #[diesel(sql_type = Text)]
    verdict: String,
}

/// The statement with the parameters of `ANSWER`.
macro_rules! bound {
    ($sql:expr, $answer:expr, $worker:expr, $now:expr) => {{
        let answer: Option<&Answer> = $answer;
        sql_query($sql)
            .bind::<Timestamptz, _>($now)
            .bind::<SqlUuid, _>($worker)
            .bind::<Nullable<BigInt>, _>(answer.map(|answer| answer.id))
            .bind::<Nullable<Text>, _>(answer.map(|answer| answer.state))
            .bind::<Nullable<SmallInt>, _>(answer.map(|answer| answer.attempts))
            .bind::<Nullable<Timestamptz>, _>(answer.and_then(|answer| answer.next_attempt_at))
            .bind::<Nullable<Text>, _>(answer.and_then(|answer| answer.provider_id.as_deref()))
            .bind::<Nullable<Text>, _>(answer.and_then(|answer| answer.words.as_deref()))
    }};
}

/// Stores what came of the message before, and puts this one on its way: true, or it must not go and is settled.
pub fn hand_over(
    conn: &mut PgConnection,
    leased: &Leased,
    before: Option<&Answer>,
    worker: Uuid,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    static SQL: LazyLock<String> = LazyLock::new(hand_over_sql);
    let query = bound!(SQL.as_str(), before, worker, now)
        .bind::<BigInt, _>(leased.outgoing.id)
        .bind::<Text, _>(&leased.outgoing.recipient);
    let row: Option<VerdictRow> = Kept(query).get_result(conn).optional()?;
    Ok(row.is_some_and(|row| row.verdict == "go"))
}

/// Stores an answer.
pub fn record(conn: &mut PgConnection, answer: &Answer, worker: Uuid, now: DateTime<Utc>) -> QueryResult<()> {
    static SQL: LazyLock<String> = LazyLock::new(|| format!("WITH {ANSWER} SELECT"));
    Kept(bound!(SQL.as_str(), Some(answer), worker, now)).execute(conn).map(|_| ())
}
