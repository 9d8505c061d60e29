//! How many codes a campaign has, exact, without reading millions of them.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};

use super::list::CodeFilter;
use super::owner::CodeOwner;
use super::state::CodeState;
use crate::ids::CampaignId;
use crate::web::filters::grouped;

/// Up to here the codes themselves are counted; above, the orders say how many were made.
const COUNTED: i64 = 100_000;

/// By what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CodeCounts {
    /// In all.
    pub all: i64,
    /// Nobody has them.
    pub unused: i64,
    /// Members have them.
    pub handed_out: i64,
    /// Used.
    pub used: i64,
}

/// Orders of a campaign, together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, QueryableByName)]
pub struct Orders {
    /// Codes ordered.
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
            "SELECT coalesce(sum(requested), 0)::bigint AS requested, coalesce(sum(made), 0)::bigint AS made
             FROM code_batch WHERE campaign_id = $1",
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

impl CodeCounts {
    /// Of a campaign.
    pub fn of(conn: &mut PgConnection, owner: &CodeOwner, orders: Orders) -> QueryResult<Self> {
        let count = |conn: &mut PgConnection, state| CodeFilter { campaign: owner.id, begins: None, state }.count(conn);
        let all = if orders.made > COUNTED { orders.made } else { count(conn, None)? };
        let used = count(conn, Some(CodeState::Used))?;
        let handed_out = match (owner.has_personal_codes(), owner.hands_out() && !owner.has_one_code()) {
            (true, _) => all - used,
            (_, true) => count(conn, Some(CodeState::HandedOut))?,
            _ => 0,
        };
        Ok(Self { all, unused: all - used - handed_out, handed_out, used })
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
