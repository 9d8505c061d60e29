//! Thousands at once: to the Outbox, where a channel is off; and out of the queue, where a campaign is over.

use chrono::{DateTime, Duration, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use super::pick::{self, Queue};
use super::verdict::{Go, carried_out};
use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::CampaignId;
use crate::schema::channel;

/// Messages of one transaction.
const MESSAGES: i64 = 2_000;

#[derive(QueryableByName)]
struct SettledRow {
    #[diesel(sql_type = BigInt)]
    settled: i64,
}

/// A step of the work that no transport is needed for; true if there was some.
pub fn settle_next(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<bool> {
    let on: Vec<String> = channel::table.filter(channel::is_on).select(channel::key).load(conn)?;
    let mut worked = false;
    for channel in MessageChannel::ALL {
        if let Some(over) = indexed(conn, |conn| pick::over_campaign(conn, channel, now))? {
            worked |= take_out(conn, channel, over, now)? > 0;
        }
        if !on.iter().any(|key| key == channel.key()) {
            worked |= to_outbox(conn, channel, now)?;
        }
    }
    Ok(worked)
}

/// Sign-in codes, then a part of the campaigns that may send.
fn to_outbox(conn: &mut PgConnection, channel: MessageChannel, now: DateTime<Utc>) -> QueryResult<bool> {
    let mut worked = settle(conn, channel, Queue::SignIns, now)? > 0;
    let (mut last, mut left) = (CampaignId(0), MESSAGES);
    while left > 0
        && let Some(campaign) = indexed(conn, |conn| pick::next_campaign(conn, channel, last, &[], now))?
        && campaign > last
    {
        let settled = settle(conn, channel, Queue::Campaign(campaign), now)?;
        worked |= settled > 0;
        left -= settled.max(1);
        last = campaign;
    }
    Ok(worked)
}

fn settle(conn: &mut PgConnection, channel: MessageChannel, queue: Queue, now: DateTime<Utc>) -> QueryResult<i64> {
    let go = Go { state: "outbox", moved: "$1", delivery: "$1", lease: "worker = NULL, leased_until = NULL" };
    let sql = format!(
        "WITH {} SELECT count(*) AS settled FROM checked WHERE verdict <> 'wait'",
        carried_out(&queue.due(), "", "true", &go)
    );
    run(conn, &sql, channel, queue, now)
}

/// All that is left of a campaign that is over or cancelled, due or not.
fn take_out(
    conn: &mut PgConnection,
    channel: MessageChannel,
    over: CampaignId,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let picked = "SELECT id FROM message WHERE state = 'queued' AND channel = $2 AND campaign_id = $3
                  ORDER BY next_attempt_at, id LIMIT $4 FOR UPDATE SKIP LOCKED";
    let go = Go {
        state: "queued",
        moved: "message.moved_at",
        delivery: "NULL",
        lease: "worker = NULL, leased_until = NULL",
    };
    let sql = format!(
        "WITH {} SELECT count(*) AS settled FROM checked WHERE verdict NOT IN ('go', 'wait', 'later')",
        carried_out(picked, "", "true", &go)
    );
    run(conn, &sql, channel, Queue::Campaign(over), now)
}

fn run(
    conn: &mut PgConnection,
    sql: &str,
    channel: MessageChannel,
    queue: Queue,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    indexed(conn, |conn| {
        let query = sql_query(sql)
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(channel.key())
            .bind::<BigInt, _>(queue.key())
            .bind::<BigInt, _>(MESSAGES);
        Kept(query).get_result::<SettledRow>(conn).map(|row| row.settled)
    })
}

/// A queue's statistics are always out of date: the planner must not read tables whole that it takes for empty. And
/// whoever waits for us in a circle gets on: we give up before the server looks for deadlocks.
fn indexed<T>(conn: &mut PgConnection, work: impl FnOnce(&mut PgConnection) -> QueryResult<T>) -> QueryResult<T> {
    conn.transaction(|conn| {
        conn.batch_execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off;
             SET LOCAL enable_mergejoin = off; SET LOCAL jit = off; SET LOCAL lock_timeout = '500ms'",
        )?;
        work(conn)
    })
}

/// Messages that a worker was handing over when it died: they may have been sent, and are not repeated. A worker counts as
/// dead when it has not answered for so long over the channel's timeout (`settings.timeout`, in seconds); should it live
/// after all, its answer still counts.
pub fn sweep_uncertain(conn: &mut PgConnection, after: Duration, now: DateTime<Utc>) -> QueryResult<()> {
    Kept(
        sql_query(
            "WITH dead AS (
               UPDATE message SET state = 'uncertain', moved_at = $1, error = 'The worker that was sending it ended'
               WHERE id IN (SELECT message.id FROM message JOIN channel ON channel.key = message.channel
                            WHERE state = 'sending' AND moved_at < $2 - interval '1 second' * CASE
                              WHEN jsonb_typeof(settings -> 'timeout') = 'number' THEN (settings ->> 'timeout')::float8 ELSE 30 END
                            ORDER BY message.id LIMIT 1000 FOR UPDATE OF message SKIP LOCKED)
               RETURNING member_id, campaign_id, purpose, channel)
             UPDATE delivery SET uncertain_at = $1 FROM dead JOIN campaign ON campaign.id = dead.campaign_id
             WHERE delivery.member_id = dead.member_id AND delivery.campaign_id = dead.campaign_id
               AND dead.purpose = 'coupon' AND dead.channel = campaign.channel",
        )
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(now - after),
    )
    .execute(conn)
    .map(|_| ())
}
