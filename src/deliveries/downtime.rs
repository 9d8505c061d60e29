//! Whether workers were away for longer than a campaign may be late: each touches one row every few seconds.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use super::begin;
use crate::campaigns::sending::{HeldWhy, Limits};
use crate::ids::CampaignId;
use crate::schema::worker_beat;

#[derive(QueryableByName)]
struct MidwayRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
    #[diesel(sql_type = Text)]
    if_late: String,
}

/// Notes that a worker is there. After a gap longer than the limit, campaigns that were in the middle of their work
/// follow their rule. Call it before anything is issued or sent.
pub fn beat(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    conn.transaction(|conn| {
        let last: Option<DateTime<Utc>> =
            worker_beat::table.select(worker_beat::at).for_update().first(conn).optional()?;
        let Some(last) = last else {
            return diesel::insert_into(worker_beat::table)
                .values(worker_beat::at.eq(now))
                .on_conflict_do_nothing()
                .execute(conn)
                .map(|_| ());
        };
        if last < now {
            diesel::update(worker_beat::table).set(worker_beat::at.eq(now)).execute(conn)?;
        }
        let limits = Limits::load(conn)?;
        if now - last <= limits.late_after {
            return Ok(());
        }
        tracing::warn!(since = %last, "no worker was there");
        for campaign in midway(conn, now, now - limits.late_after)? {
            if campaign.if_late == "drop" {
                begin::drop(conn, campaign.id, now)?;
            } else {
                begin::hold(conn, campaign.id, HeldWhy::Late, now)?;
            }
        }
        Ok(())
    })
}

/// Running campaigns that had more to issue, or messages that should have gone by `due`.
fn midway(conn: &mut PgConnection, now: DateTime<Utc>, due: DateTime<Utc>) -> QueryResult<Vec<MidwayRow>> {
    sql_query(
        "SELECT campaign.id, campaign.if_late
         FROM campaign JOIN campaign_sending AS sending ON sending.campaign_id = campaign.id
         WHERE published_at IS NOT NULL AND cancelled_at IS NULL AND paused_at IS NULL AND starts_at <= $1 AND ends_at > $1
           AND issuing_since IS NOT NULL AND if_late <> 'send' AND held_at IS NULL AND dropped_at IS NULL AND due_at <= $2
           AND (issued_at IS NULL OR EXISTS (
             SELECT FROM message WHERE message.campaign_id = campaign.id AND state = 'queued' AND next_attempt_at <= $2
               AND message.channel = CASE campaign.channel WHEN 'app' THEN 'push' ELSE campaign.channel END))
         ORDER BY campaign.id FOR NO KEY UPDATE OF campaign",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(due)
    .load(conn)
}
