//! Which messages are next: those of no campaign first (sign-in codes), then of a campaign that may send, each in turn.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz};

use super::verdict::ON_HOLD;
use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::CampaignId;

/// In the queue, its time has come, and no worker has it. Parameter 1 is the time, 2 the channel.
const DUE: &str = "message.state = 'queued' AND message.channel = $2 AND message.next_attempt_at <= $1
        AND (message.leased_until IS NULL OR message.leased_until < $1)";

/// What is to be picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Of no campaign.
    SignIns,
    /// Of this one.
    Campaign(CampaignId),
}

impl Queue {
    /// The campaign, or 0.
    pub fn key(self) -> i64 {
        match self {
            Self::SignIns => 0,
            Self::Campaign(id) => id.0,
        }
    }

    /// The ids of messages that are due, locked. Parameter 3 is the campaign, 4 how many at most.
    pub fn due(self) -> String {
        let whose = match self {
            // the index knows no `campaign_id IS NOT DISTINCT FROM $3`
            Self::SignIns => "message.campaign_id IS NULL AND $3 = 0",
            Self::Campaign(_) => "message.campaign_id = $3",
        };
        format!(
            "SELECT message.id FROM message WHERE {whose} AND {DUE}
             ORDER BY message.next_attempt_at, message.id LIMIT $4 FOR UPDATE SKIP LOCKED"
        )
    }
}

#[derive(QueryableByName)]
struct CampaignRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
}

/// The campaigns with queued messages, found by jumping from one to the next in the index, however many messages each
/// has waiting.
const WALK: &str = "WITH RECURSIVE walk AS (
      (SELECT campaign_id AS id FROM message WHERE state = 'queued' AND channel = $2 AND campaign_id IS NOT NULL
       ORDER BY campaign_id LIMIT 1)
      UNION ALL
      SELECT (SELECT campaign_id FROM message
              WHERE state = 'queued' AND channel = $2 AND campaign_id > walk.id ORDER BY campaign_id LIMIT 1)
      FROM walk WHERE walk.id IS NOT NULL)";

/// How `next_campaign` asks.
pub fn next_campaign_sql() -> String {
    format!(
        "{WALK} SELECT walk.id FROM walk
           LEFT JOIN campaign ON campaign.id = walk.id
           LEFT JOIN campaign_sending ON campaign_sending.campaign_id = walk.id
           CROSS JOIN LATERAL (SELECT FROM message WHERE message.campaign_id = walk.id AND {DUE}
             ORDER BY message.next_attempt_at, message.id LIMIT 1) AS due
         WHERE walk.id IS NOT NULL AND walk.id <> ALL($4) AND NOT {ON_HOLD}
         ORDER BY walk.id <= $3, walk.id LIMIT 1"
    )
}

/// A campaign with messages that are due and may go: the next in turn after `last`. `avoided` are left out.
pub fn next_campaign(
    conn: &mut PgConnection,
    channel: MessageChannel,
    last: CampaignId,
    avoided: &[CampaignId],
    now: DateTime<Utc>,
) -> QueryResult<Option<CampaignId>> {
    static SQL: LazyLock<String> = LazyLock::new(next_campaign_sql);
    let query = sql_query(SQL.as_str())
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(channel.key())
        .bind::<BigInt, _>(last)
        .bind::<Array<BigInt>, _>(avoided);
    Kept(query).get_result(conn).optional().map(|row: Option<CampaignRow>| row.map(|row| row.id))
}

/// A campaign that is over or cancelled and still has queued messages.
pub fn over_campaign(
    conn: &mut PgConnection,
    channel: MessageChannel,
    now: DateTime<Utc>,
) -> QueryResult<Option<CampaignId>> {
    let query = sql_query(format!(
        "{WALK} SELECT walk.id FROM walk JOIN campaign ON campaign.id = walk.id
         WHERE campaign.cancelled_at IS NOT NULL OR campaign.ends_at <= $1 LIMIT 1"
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(channel.key());
    Kept(query).get_result(conn).optional().map(|row: Option<CampaignRow>| row.map(|row| row.id))
}
