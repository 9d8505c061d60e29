//! Coupons whose own time has passed unused are marked; those that end with their campaign count as expired from its
//! end on, unmarked.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Timestamptz};

use super::DeliveryState;
use super::chunk::Failed;
use super::skip::Skip;
use crate::ids::CampaignId;

/// Coupons looked at in one transaction, and all that expire at the same moment as the last.
const ROWS: usize = 10_000;

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
}

#[derive(QueryableByName)]
struct UntilRow {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<DateTime<Utc>>,
}

/// A chunk of one campaign. None: nothing has expired.
pub fn expire_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(id) = claim(conn, now, held_back)? else { return Ok(None) };
        claimed = Some(id);
        sql_query("SET LOCAL lock_timeout = '500ms'").execute(conn)?;
        expire(conn, id, now)?;
        Ok(Some(id))
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

/// Running campaigns with such coupons; each has looked up to `expired_until`.
fn claim(conn: &mut PgConnection, now: DateTime<Utc>, held_back: &[CampaignId]) -> QueryResult<Option<CampaignId>> {
    let row: Option<DueRow> = sql_query(
        "SELECT campaign.id FROM campaign_sending AS sending JOIN campaign ON campaign.id = sending.campaign_id
         WHERE closed_at IS NULL AND validity_days IS NOT NULL AND cancelled_at IS NULL AND issuing_since IS NOT NULL
           AND ends_at > $1 AND campaign.id <> ALL($2) AND EXISTS (
             SELECT FROM delivery WHERE campaign_id = campaign.id AND expires_at > coalesce(expired_until, '-infinity')
               AND expires_at <= $1)
         ORDER BY 1 LIMIT 1 FOR NO KEY UPDATE OF sending SKIP LOCKED",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<diesel::sql_types::Array<BigInt>, _>(held_back)
    .get_result(conn)
    .optional()?;
    Ok(row.map(|row| row.id))
}

fn expire(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> QueryResult<()> {
    let until: UntilRow = sql_query(format!(
        "SELECT max(expires_at) AS until FROM (
           SELECT expires_at FROM delivery JOIN campaign_sending AS sending USING (campaign_id)
           WHERE campaign_id = $1 AND expires_at > coalesce(expired_until, '-infinity') AND expires_at <= $2
           ORDER BY expires_at LIMIT {ROWS}) AS due"
    ))
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .get_result(conn)?;
    let Some(until) = until.until else { return Ok(()) };
    // what was never sent was no coupon: it is skipped as too late. A notification was not what brought an app coupon
    let unused = DeliveryState::UNUSED.map(|state| format!("'{}'", state.key())).join(", ");
    let unsent = "delivery.state = 'queued' AND campaign.channel <> 'app'";
    sql_query(format!(
        "WITH over AS (
           UPDATE delivery SET
             expired_at = CASE WHEN {unsent} THEN NULL ELSE delivery.expires_at END,
             skipped_at = CASE WHEN {unsent} THEN $3 END,
             reason = CASE WHEN {unsent} THEN '{}' ELSE delivery.reason END
           FROM campaign_sending AS sending JOIN campaign ON campaign.id = sending.campaign_id
           WHERE sending.campaign_id = $1 AND delivery.campaign_id = $1 AND delivery.state IN ({unused})
             AND delivery.expires_at > coalesce(sending.expired_until, '-infinity') AND delivery.expires_at <= $2
           RETURNING delivery.member_id),
         stopped AS (
           UPDATE message SET state = 'skipped', moved_at = $3, error = '{}' FROM over
           WHERE message.member_id = over.member_id AND message.campaign_id = $1 AND message.state = 'queued'
             AND message.purpose IN ('coupon', 'reminder'))
         UPDATE campaign_sending SET expired_until = $2 WHERE campaign_id = $1",
        Skip::TooLate.key(),
        Skip::TooLate.key()
    ))
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(until)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}
