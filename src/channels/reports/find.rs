//! The message that a report is about.

use std::sync::LazyLock;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text};

use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::CampaignId;
use crate::sending::key_sql;

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

/// What is under way, or may have been sent, is known by our own key only (`key_sql`): the provider's is not
/// stored yet.
static BY_KEY: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT id, member_id, campaign_id, channel, purpose, state FROM message WHERE id = (
   SELECT max(id) FROM (
     SELECT id FROM message WHERE channel = $1 AND provider_id IS NOT NULL AND provider_id = ANY($2)
     UNION ALL
     SELECT under_way.id FROM setting, (
         SELECT id FROM message WHERE channel = $1 AND state = 'sending'
         UNION ALL SELECT id FROM message WHERE channel = $1 AND state = 'uncertain') AS under_way
     WHERE {} = ANY($2)
   ) AS known) FOR NO KEY UPDATE",
        key_sql("under_way.id")
    )
});

/// By any of these keys; until the transaction ends no other changes it.
pub fn find(conn: &mut PgConnection, channel: MessageChannel, ids: &[String]) -> QueryResult<Option<Found>> {
    Kept(sql_query(BY_KEY.as_str()).bind::<Text, _>(channel.key()).bind::<Array<Text>, _>(ids))
        .get_result(conn)
        .optional()
}
