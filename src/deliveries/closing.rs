//! What is over goes out no more: a cancelled campaign's unused coupons are withdrawn, an ended or dropped one's
//! queued messages are skipped. In chunks, so that nobody waits; sending has stopped before, as each message is
//! checked when it is handed over.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::DeliveryState;
use super::chunk::Failed;
use super::skip::Skip;
use crate::ids::CampaignId;

/// Rows changed in one transaction.
const ROWS: usize = 20_000;
/// What a delivery says that was withdrawn with its campaign.
pub const CANCELLED: &str = "campaign cancelled";

#[derive(QueryableByName)]
struct OverRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
    #[diesel(sql_type = Text)]
    channel: String,
    /// "cancelled", "ended" or "dropped".
    #[diesel(sql_type = Text)]
    how: String,
}

/// A chunk of one campaign that is over. None: nothing is left to do.
pub fn close_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let over = over(conn, now).map_err(|error| Failed { campaign: None, error })?;
    for campaign in over.iter().filter(|campaign| !held_back.contains(&campaign.id)) {
        let worked = conn.transaction(|conn| campaign.close(conn, now));
        if worked.map_err(|error| Failed { campaign: Some(campaign.id), error })? {
            return Ok(Some(campaign.id));
        }
    }
    Ok(None)
}

fn over(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<OverRow>> {
    sql_query(
        "SELECT campaign.id, campaign.channel,
           CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' WHEN ends_at <= $1 THEN 'ended' ELSE 'dropped' END AS how
         FROM campaign_sending AS sending JOIN campaign ON campaign.id = sending.campaign_id
         WHERE closed_at IS NULL AND (cancelled_at IS NOT NULL OR ends_at <= $1 OR dropped_at IS NOT NULL) ORDER BY 1",
    )
    .bind::<Timestamptz, _>(now)
    .load(conn)
}

impl OverRow {
    /// Whether something was done. Once nothing is left of what ended for good, it is not looked at again.
    fn close(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<bool> {
        sql_query("SET LOCAL lock_timeout = '500ms'").execute(conn)?;
        let done = if self.how == "cancelled" {
            withdraw(conn, self.id, now)?
        } else {
            let skip = if self.how == "ended" { Skip::TooLate } else { Skip::Late };
            stop_messages(conn, self.id, ("skipped", Some(skip)), now)? + skip_queued(conn, self, skip, now)?
        };
        if done == 0 && self.how != "dropped" && !is_busy(conn, self.id)? {
            sql_query("UPDATE campaign_sending SET closed_at = $2 WHERE campaign_id = $1")
                .bind::<BigInt, _>(self.id)
                .bind::<Timestamptz, _>(now)
                .execute(conn)?;
        }
        Ok(done > 0)
    }
}

/// A chunk of what a cancelled campaign withdraws; says how many rows.
pub fn withdraw(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> QueryResult<usize> {
    // messages first, as whoever sends them locks them first
    let stopped = stop_messages(conn, id, ("withdrawn", None), now)?;
    let unused = DeliveryState::UNUSED.map(|state| format!("'{}'", state.key())).join(", ");
    let withdrawn = sql_query(format!(
        "WITH chunk AS (
           SELECT member_id FROM delivery WHERE campaign_id = $1 AND state IN ({unused})
           LIMIT {ROWS} FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE delivery SET withdrawn_at = $2, reason = '{CANCELLED}' FROM chunk
         WHERE delivery.campaign_id = $1 AND delivery.member_id = chunk.member_id"
    ))
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)?;
    Ok(stopped + withdrawn)
}

/// A chunk of the campaign's queued messages, on whatever channel.
fn stop_messages(
    conn: &mut PgConnection,
    id: CampaignId,
    (state, skip): (&str, Option<Skip>),
    now: DateTime<Utc>,
) -> QueryResult<usize> {
    sql_query(format!(
        "WITH chunk AS (
           SELECT id FROM message
           WHERE campaign_id = $1 AND state = 'queued' AND channel IN ('sms', 'email', 'push') AND purpose IN ('coupon', 'reminder')
           LIMIT {ROWS} FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE message SET state = '{state}', moved_at = $2, error = coalesce($3, error) FROM chunk WHERE message.id = chunk.id"
    ))
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Text>, _>(skip.map(Skip::key))
    .execute(conn)
}

/// A chunk of those whose message never went. An app coupon was there without its notification.
fn skip_queued(conn: &mut PgConnection, of: &OverRow, skip: Skip, now: DateTime<Utc>) -> QueryResult<usize> {
    if of.channel == "app" {
        return Ok(0);
    }
    sql_query(format!(
        "WITH chunk AS (
           SELECT member_id FROM delivery WHERE campaign_id = $1 AND state = 'queued'
             AND NOT EXISTS (SELECT FROM message WHERE message.member_id = delivery.member_id
               AND message.campaign_id = $1 AND message.state IN ('queued', 'sending') AND purpose = 'coupon')
           LIMIT {ROWS} FOR NO KEY UPDATE SKIP LOCKED)
         UPDATE delivery SET skipped_at = $2, reason = '{}' FROM chunk
         WHERE delivery.campaign_id = $1 AND delivery.member_id = chunk.member_id",
        skip.key()
    ))
    .bind::<BigInt, _>(of.id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
}

/// Whether messages of it are under way, or rows of it are locked by others.
fn is_busy(conn: &mut PgConnection, id: CampaignId) -> QueryResult<bool> {
    #[derive(QueryableByName)]
    struct BusyRow {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        busy: bool,
    }
    let unused = DeliveryState::UNUSED.map(|state| format!("'{}'", state.key())).join(", ");
    sql_query(format!(
        "SELECT EXISTS (SELECT FROM message WHERE campaign_id = $1 AND state = 'queued' AND channel IN ('sms', 'email', 'push')
                  AND purpose IN ('coupon', 'reminder'))
             OR EXISTS (SELECT FROM message WHERE campaign_id = $1 AND state = 'sending')
             OR EXISTS (SELECT FROM delivery JOIN campaign ON campaign.id = campaign_id
                  WHERE campaign_id = $1 AND campaign.cancelled_at IS NOT NULL AND state IN ({unused})) AS busy"
    ))
    .bind::<BigInt, _>(id)
    .get_result::<BusyRow>(conn)
    .map(|row| row.busy)
}
