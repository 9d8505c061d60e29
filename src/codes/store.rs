//! Generated codes into the table, by COPY in sorted order.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::generate::Batch;
use crate::ids::{CampaignId, CodeBatchId};
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
    batch_id: Option<CodeBatchId>,
}

/// Stores codes for one use each; `owners`: whose they are, in the order of the codes, or nobody's.
pub fn copy(conn: &mut PgConnection, campaign: CampaignId, codes: &Batch, owners: &[i64]) -> QueryResult<usize> {
    copy_of(conn, campaign, codes, |place| (owners.get(place).copied(), None))
}

/// The same for nobody's codes of an order.
pub fn copy_batch(
    conn: &mut PgConnection,
    campaign: CampaignId,
    batch: CodeBatchId,
    codes: &Batch,
) -> QueryResult<usize> {
    copy_of(conn, campaign, codes, |_| (None, Some(batch)))
}

fn copy_of(
    conn: &mut PgConnection,
    campaign: CampaignId,
    codes: &Batch,
    of: impl Fn(usize) -> (Option<i64>, Option<CodeBatchId>),
) -> QueryResult<usize> {
    let row = |(place, text)| {
        let (member_id, batch_id) = of(place);
        NewCode { text, campaign_id: campaign, uses_allowed: Some(1), uses_taken: 0, member_id, batch_id }
    };
    let rows: Vec<NewCode<'_>> = codes.iter().enumerate().map(row).collect();
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
