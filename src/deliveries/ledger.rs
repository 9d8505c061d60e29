//! The account of a campaign's receivers: how many are in which state. Their sum is all there are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, sql_query};

use super::{DeliveryState, Skip};
use crate::db::Kept;
use crate::ids::CampaignId;

/// How many deliveries of a campaign are in each state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(Vec<(DeliveryState, Option<Skip>, i64)>);

#[derive(QueryableByName)]
struct StateRow {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Ledger {
    /// As the triggers keep it: the sum of a few rows, however many deliveries there are.
    pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        Self::load(
            conn,
            id,
            "SELECT state, reason, sum(change)::bigint AS count FROM delivery_count
             WHERE campaign_id = $1 GROUP BY state, reason HAVING sum(change) <> 0",
        )
    }

    /// Counted one by one, to prove the other.
    pub fn counted(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        Self::load(
            conn,
            id,
            "SELECT state, CASE WHEN state = 'skipped' THEN reason END AS reason, count(*) AS count FROM delivery
             WHERE campaign_id = $1 GROUP BY 1, 2",
        )
    }

    fn load(conn: &mut PgConnection, id: CampaignId, query: &str) -> QueryResult<Self> {
        let rows: Vec<StateRow> = Kept(sql_query(query).bind::<BigInt, _>(id)).load(conn)?;
        let mut states: Vec<_> = rows
            .into_iter()
            .filter_map(|row| {
                let skip = row.reason.as_deref().and_then(Skip::parse);
                Some((DeliveryState::parse(&row.state)?, skip, row.count))
            })
            .collect();
        states.sort_unstable();
        Ok(Self(states))
    }

    /// All members who have a row.
    pub fn receivers(&self) -> i64 {
        self.0.iter().map(|(_, _, count)| count).sum()
    }

    /// Those who were not skipped.
    pub fn issued(&self) -> i64 {
        self.receivers() - self.in_state(DeliveryState::Skipped)
    }

    /// Those in this state.
    pub fn in_state(&self, state: DeliveryState) -> i64 {
        self.0.iter().filter(|(of, ..)| *of == state).map(|(_, _, count)| count).sum()
    }

    /// Those who were skipped for this.
    pub fn skipped(&self, skip: Skip) -> i64 {
        self.0.iter().filter(|(_, of, _)| *of == Some(skip)).map(|(_, _, count)| count).sum()
    }

    /// Those who hold it unused, or are about to be sent it: what cancelling withdraws.
    pub fn unused(&self) -> i64 {
        DeliveryState::UNUSED.into_iter().map(|state| self.in_state(state)).sum()
    }

    /// "issued 5 + skipped 2"
    pub fn in_words(&self) -> String {
        let counts = DeliveryState::ALL.map(|state| (state, self.in_state(state)));
        let there = counts.iter().filter(|(_, count)| *count != 0);
        there.map(|(state, count)| format!("{} {count}", state.key())).collect::<Vec<_>>().join(" + ")
    }
}
