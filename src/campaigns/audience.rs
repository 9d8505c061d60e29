//! Who a campaign is for.

use diesel::sql_types::{BigInt, Bool};
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

use crate::ids::{CampaignId, MemberId};

/// A campaign's receivers, as a rule.
#[derive(Debug, Clone)]
pub struct Audience {
    campaign: CampaignId,
}

#[derive(QueryableByName)]
struct IncludedRow {
    #[diesel(sql_type = Bool)]
    included: bool,
}

impl Audience {
    /// Of this campaign.
    pub fn of(_: &mut PgConnection, campaign: CampaignId) -> QueryResult<Self> {
        Ok(Self { campaign })
    }

    /// Whether this member is among them now. Exclude wins; excludes alone mean everyone but them.
    pub fn includes(&self, conn: &mut PgConnection, member: MemberId) -> QueryResult<bool> {
        sql_query(
            "SELECT coalesce(campaign.everyone, false) OR (
               EXISTS (SELECT FROM campaign_group WHERE campaign_id = $1)
               AND NOT EXISTS (SELECT FROM campaign_group JOIN membership USING (group_id)
                               WHERE campaign_id = $1 AND NOT included AND member_id = $2 AND left_at IS NULL)
               AND (NOT EXISTS (SELECT FROM campaign_group WHERE campaign_id = $1 AND included)
                    OR EXISTS (SELECT FROM campaign_group JOIN membership USING (group_id)
                               WHERE campaign_id = $1 AND included AND member_id = $2 AND left_at IS NULL))) AS included
             FROM campaign WHERE id = $1",
        )
        .bind::<BigInt, _>(self.campaign)
        .bind::<BigInt, _>(member)
        .get_result::<IncludedRow>(conn)
        .map(|row| row.included)
    }
}
