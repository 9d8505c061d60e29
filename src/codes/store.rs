//! Generated codes into the table, by COPY in sorted order.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::generate::Batch;
use crate::ids::CampaignId;
use crate::schema::code;

/// How often a batch is drawn anew when one of its codes exists already: at a million times more possible than live
/// codes, the second draw nearly always fits.
const DRAWS: usize = 8;

#[derive(Insertable)]
#[diesel(table_name = code)]
#[diesel(treat_none_as_default_value = false)]
struct NewCode<'a> {
    text: &'a str,
    campaign_id: CampaignId,
    uses_allowed: Option<i32>,
    uses_taken: i32,
    member_id: Option<i64>,
}

/// Stores a batch of codes for one use each; `owners`: whose they are, in the order of the codes, or nobody's.
pub fn copy(conn: &mut PgConnection, campaign: CampaignId, batch: &Batch, owners: &[i64]) -> QueryResult<usize> {
    let rows: Vec<NewCode<'_>> = batch
        .iter()
        .enumerate()
        .map(|(place, text)| NewCode {
            text,
            campaign_id: campaign,
            uses_allowed: Some(1),
            uses_taken: 0,
            member_id: owners.get(place).copied(),
        })
        .collect();
    diesel::copy_from(code::table).from_insertable(&rows).execute(conn)
}

/// Runs `attempt` in a savepoint, again with other codes when it met a row that another transaction has stored.
pub fn until_unique<T>(
    conn: &mut PgConnection,
    mut attempt: impl FnMut(&mut PgConnection) -> QueryResult<T>,
) -> QueryResult<T> {
    for _ in 1..DRAWS {
        match conn.transaction(&mut attempt) {
            Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => {}
            other => return other,
        }
    }
    conn.transaction(&mut attempt)
}
