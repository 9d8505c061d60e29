//! What was found fresh is taken in by the worker, in chunks that survive being killed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};

use crate::deliveries::chunk::Failed;
use crate::ids::{CampaignId, CodeBatchId, CodeImportId};
use crate::schema::{code_batch, code_import, code_import_piece};

/// Codes of one transaction.
const CHUNK: i64 = 20_000;

#[derive(QueryableByName)]
struct TakenRow {
    #[diesel(sql_type = BigInt)]
    looked_at: i64,
    #[diesel(sql_type = BigInt)]
    stored: i64,
}

/// The next chunk of an import that no other worker is at. None: nothing is to be taken in. A row that is taken is
/// gone from the import in the same transaction, so none is taken twice.
pub fn take_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some((id, campaign, batch)) = claim(conn, held_back)? else { return Ok(None) };
        claimed = Some(campaign);
        let chunk = take(conn, id, campaign, batch)?;
        let done = chunk.looked_at < CHUNK;
        let finished = done.then_some(now);
        diesel::update(code_import::table.find(id))
            .set((
                code_import::taken.eq(code_import::taken + chunk.stored),
                code_import::late.eq(code_import::late + chunk.looked_at - chunk.stored),
                code_import::applied_at.eq(finished),
            ))
            .execute(conn)?;
        let stored = i32::try_from(chunk.stored).unwrap_or(0);
        diesel::update(code_batch::table.find(batch))
            .set((code_batch::made.eq(code_batch::made + stored), code_batch::finished_at.eq(finished)))
            .execute(conn)?;
        if done {
            diesel::delete(code_import_piece::table.filter(code_import_piece::import_id.eq(id))).execute(conn)?;
        }
        Ok(Some(campaign))
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

fn claim(
    conn: &mut PgConnection,
    held_back: &[CampaignId],
) -> QueryResult<Option<(CodeImportId, CampaignId, CodeBatchId)>> {
    code_import::table
        .filter(code_import::batch_id.is_not_null().and(code_import::applied_at.is_null()))
        .filter(code_import::cancelled_at.is_null().and(code_import::campaign_id.ne_all(held_back)))
        .order((code_import::taken, code_import::id))
        .select((code_import::id, code_import::campaign_id, code_import::batch_id.assume_not_null()))
        .for_update()
        .skip_locked()
        .first(conn)
        .optional()
}

/// In sorted order, as the table's indexes like it. What another coupon has got meanwhile is refused late.
fn take(conn: &mut PgConnection, id: CodeImportId, campaign: CampaignId, batch: CodeBatchId) -> QueryResult<TakenRow> {
    sql_query(format!(
        "WITH taken AS (
           DELETE FROM code_import_row WHERE import_id = $1 AND line IN (
             SELECT line FROM code_import_row WHERE import_id = $1 AND refused IS NULL ORDER BY text LIMIT {CHUNK})
           RETURNING line, text),
         stored AS (
           INSERT INTO code (text, campaign_id, uses_allowed, batch_id) SELECT text, $2, 1, $3 FROM taken ORDER BY text
           ON CONFLICT (text) DO NOTHING RETURNING text),
         late AS (
           INSERT INTO code_import_row (import_id, line, text, refused)
             SELECT $1, line, text, 'known' FROM taken WHERE text NOT IN (SELECT text FROM stored))
         SELECT (SELECT count(*) FROM taken) AS looked_at, (SELECT count(*) FROM stored) AS stored"
    ))
    .bind::<BigInt, _>(id)
    .bind::<BigInt, _>(campaign)
    .bind::<BigInt, _>(batch)
    .get_result(conn)
}
