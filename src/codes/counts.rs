//! How many codes a campaign has, exact, without reading millions of them: triggers keep the counts.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable};
use diesel::{QueryableByName, sql_query};

use super::state::CodeState;
use crate::ids::{CampaignId, CodeBatchId};
use crate::web::filters::grouped;

/// By what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct CodeCounts {
    /// In all.
    #[diesel(sql_type = BigInt)]
    pub all: i64,
    /// Nobody has them.
    #[diesel(sql_type = BigInt)]
    pub unused: i64,
    /// Members have them.
    #[diesel(sql_type = BigInt)]
    pub handed_out: i64,
    /// Used.
    #[diesel(sql_type = BigInt)]
    pub used: i64,
}

impl CodeCounts {
    /// Of a campaign, or of one of its batches.
    pub fn kept(conn: &mut PgConnection, campaign: CampaignId, batch: Option<CodeBatchId>) -> QueryResult<Self> {
        sql_query(
            "SELECT coalesce(sum(codes), 0)::bigint AS all, coalesce(sum(codes - handed_out - used), 0)::bigint AS unused,
               coalesce(sum(handed_out), 0)::bigint AS handed_out, coalesce(sum(used), 0)::bigint AS used
             FROM code_count WHERE campaign_id = $1 AND ($2 IS NULL OR batch_id = $2)",
        )
        .bind::<BigInt, _>(campaign)
        .bind::<Nullable<BigInt>, _>(batch)
        .get_result(conn)
    }

    /// Of one state, or in all.
    pub fn get(&self, state: Option<CodeState>) -> i64 {
        match state {
            None => self.all,
            Some(CodeState::Unused) => self.unused,
            Some(CodeState::HandedOut) => self.handed_out,
            Some(CodeState::Used) => self.used,
        }
    }
}

/// Orders of a campaign, together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Orders {
    /// Codes ordered; of a cancelled order, those that were made.
    #[diesel(sql_type = BigInt)]
    pub requested: i64,
    /// Codes made.
    #[diesel(sql_type = BigInt)]
    pub made: i64,
}

impl Orders {
    /// Of a campaign.
    pub fn of(conn: &mut PgConnection, campaign: CampaignId) -> QueryResult<Self> {
        sql_query(
            "SELECT coalesce(sum(CASE WHEN cancelled_at IS NULL THEN requested ELSE made END), 0)::bigint AS requested,
               coalesce(sum(made), 0)::bigint AS made
             FROM code_batch WHERE campaign_id = $1 AND source = 'made'",
        )
        .bind::<BigInt, _>(campaign)
        .get_result(conn)
    }

    /// "150,000 of 5,000,000 codes made".
    pub fn words(&self) -> String {
        format!("{} of {} codes made", grouped(self.made), grouped(self.requested))
    }

    /// Whether the worker is still at it.
    pub fn are_being_made(&self) -> bool {
        self.made < self.requested
    }
}

/// Makes one row of the many that changes have added. Rows taken by another worker at the same time are gone for us, so
/// nothing is counted twice.
pub fn fold(conn: &mut PgConnection) -> QueryResult<()> {
    sql_query(
        "WITH busy AS (SELECT campaign_id, batch_id FROM code_count GROUP BY 1, 2 HAVING count(*) > 1),
              gone AS (DELETE FROM code_count WHERE (campaign_id, batch_id) IN (SELECT * FROM busy) RETURNING *)
         INSERT INTO code_count (campaign_id, batch_id, codes, handed_out, used, uses)
           SELECT campaign_id, batch_id, sum(codes), sum(handed_out), sum(used), sum(uses) FROM gone GROUP BY 1, 2",
    )
    .execute(conn)
    .map(|_| ())
}
