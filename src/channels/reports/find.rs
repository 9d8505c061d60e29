//! The message that a report is about.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::CampaignId;

/// What a report needs to know of its message.
#[derive(Debug, QueryableByName)]
pub struct Found {
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<i64>,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub campaign_id: Option<i64>,
    #[diesel(sql_type = Text)]
    pub channel: String,
    #[diesel(sql_type = Text)]
    pub purpose: String,
    #[diesel(sql_type = Text)]
    pub state: String,
}

impl Found {
    /// Its campaign.
    pub fn campaign(&self) -> Option<CampaignId> {
        self.campaign_id.map(CampaignId)
    }
}

/// By any of these keys; until the transaction ends no other changes it.
pub fn find(conn: &mut PgConnection, channel: MessageChannel, ids: &[String]) -> QueryResult<Option<Found>> {
    Kept(
        sql_query(
            "SELECT id, member_id, campaign_id, channel, purpose, state FROM message
             WHERE channel = $1 AND provider_id IS NOT NULL AND provider_id = ANY($2)
             ORDER BY id DESC LIMIT 1 FOR NO KEY UPDATE",
        )
        .bind::<Text, _>(channel.key())
        .bind::<Array<Text>, _>(ids),
    )
    .get_result(conn)
    .optional()
}
