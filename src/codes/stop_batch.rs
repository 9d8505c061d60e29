//! **Cancel** a batch that is being made or imported, **Remove** one from a draft.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::batches::BatchRow;
use super::owner::CodeOwner;
use crate::audit::{self, Actor, Change, Subject};
use crate::campaigns::differences::Confirmed;
use crate::db::Db;
use crate::deliveries::chunk::Failed;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeBatchId};
use crate::schema::{campaign, code_batch, code_import};
use crate::web::filters::grouped;
use crate::web::{Flash, Form, PageResult, Shell, filters, see_other_with, show};

#[derive(Template)]
#[template(path = "codes/stop_batch.html")]
struct StopPage {
    shell: Shell,
    owner: CodeOwner,
    batch: BatchRow,
    removes: bool,
}

impl StopPage {
    fn action(&self) -> String {
        let what = if self.removes { "remove" } else { "cancel" };
        format!("{}/{}/{what}", self.owner.batches_path(), self.batch.id)
    }
}

type At = Path<(CampaignId, CodeBatchId)>;

async fn ask(shell: Shell, db: Db, at: At, removes: bool) -> PageResult {
    let (id, batch) = at.into_inner();
    let (owner, batch) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            Ok((CodeOwner::find(conn, id)?, BatchRow::find(conn, id, batch)?))
        })
        .await?;
    show(&StopPage { shell, owner, batch, removes })
}

/// `GET /campaigns/{id}/codes/batches/{batch}/cancel`
pub async fn ask_cancel(shell: Shell, db: Db, at: At) -> PageResult {
    ask(shell, db, at, false).await
}

/// `GET /campaigns/{id}/codes/batches/{batch}/remove`
pub async fn ask_remove(shell: Shell, db: Db, at: At) -> PageResult {
    ask(shell, db, at, true).await
}

/// `POST /campaigns/{id}/codes/batches/{batch}/cancel`
pub async fn cancel(shell: Shell, db: Db, at: At, _: Form<Confirmed>) -> PageResult {
    let ((id, batch), actor, now) = (at.into_inner(), shell.actor(), shell.now);
    let made = db.write(move |conn| -> Result<_, AppError> { Ok(stop(conn, id, batch, &actor, now)?) }).await?;
    let flash = match made {
        Some(made) => Flash::success(format!("Cancelled. {} codes are there and stay.", grouped(made))),
        None => Flash::warning("This batch was complete already. Nothing was cancelled."),
    };
    see_other_with(format!("/campaigns/{id}/codes/batches"), &flash)
}

/// `POST /campaigns/{id}/codes/batches/{batch}/remove`
pub async fn remove(shell: Shell, db: Db, at: At, _: Form<Confirmed>) -> PageResult {
    let ((id, batch), actor, now) = (at.into_inner(), shell.actor(), shell.now);
    let removed = db.write(move |conn| -> Result<_, AppError> { Ok(take_back(conn, id, batch, &actor, now)?) }).await?;
    let flash = if removed {
        Flash::success("The batch is being removed with its codes.")
    } else {
        Flash::warning("Only complete batches of a draft can be removed. Nothing was removed.")
    };
    see_other_with(format!("/campaigns/{id}/codes/batches"), &flash)
}

/// What is made stays: some of it may be printed or handed out already. None: it is complete. Waits for the worker's
/// chunk, if one is under way.
pub fn stop(
    conn: &mut PgConnection,
    id: CampaignId,
    batch: CodeBatchId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> QueryResult<Option<i64>> {
    let row = BatchRow::find(conn, id, batch)?;
    // the worker takes the two in this order
    code_import::table
        .filter(code_import::batch_id.eq(batch))
        .select(code_import::id)
        .for_update()
        .load::<i64>(conn)?;
    let made: Option<i32> = diesel::update(code_batch::table.find(batch))
        .filter(code_batch::finished_at.is_null().and(code_batch::removing_at.is_null()))
        .set((code_batch::cancelled_at.eq(now), code_batch::finished_at.eq(now)))
        .returning(code_batch::made)
        .get_result(conn)
        .optional()?;
    let Some(made) = made else { return Ok(None) };
    diesel::update(code_import::table.filter(code_import::batch_id.eq(batch)))
        .set(code_import::cancelled_at.eq(now))
        .execute(conn)?;
    note(conn, id, &row, "code batch cancelled", actor, now)?;
    Ok(Some(made.into()))
}

/// Of a draft only: nobody can hold its codes. False: it is published, or the batch is not complete.
pub fn take_back(
    conn: &mut PgConnection,
    id: CampaignId,
    batch: CodeBatchId,
    actor: &Actor,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    let row = BatchRow::find(conn, id, batch)?;
    // publishing holds this row
    let published: Option<DateTime<Utc>> =
        campaign::table.find(id).select(campaign::published_at).for_no_key_update().first(conn)?;
    let complete = code_batch::finished_at.is_not_null().and(code_batch::removing_at.is_null());
    let marked = match published {
        Some(_) => 0,
        None => diesel::update(code_batch::table.find(batch).filter(complete))
            .set(code_batch::removing_at.eq(now))
            .execute(conn)?,
    };
    if marked == 1 {
        note(conn, id, &row, "code batch removed", actor, now)?;
    }
    Ok(marked == 1)
}

fn note(
    conn: &mut PgConnection,
    id: CampaignId,
    batch: &BatchRow,
    action: &'static str,
    actor: &Actor,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let subject = Subject::new("campaign", id, CodeOwner::find(conn, id)?.name);
    let before = json!({ "batch": batch.title(), "codes": batch.codes });
    audit::append(conn, actor, now, &subject, &Change { action, before: Some(before), after: None })
}

/// Codes removed in one transaction.
const CHUNK: i64 = 50_000;

/// Removes the next chunk of a batch that was taken back, and at last the batch.
pub fn remove_next(conn: &mut PgConnection) -> Result<Option<CampaignId>, Failed> {
    conn.transaction(|conn| {
        let next: Option<(CodeBatchId, CampaignId)> = code_batch::table
            .filter(code_batch::removing_at.is_not_null())
            .order(code_batch::id)
            .select((code_batch::id, code_batch::campaign_id))
            .for_update()
            .skip_locked()
            .first(conn)
            .optional()?;
        let Some((batch, campaign)) = next else { return Ok(None) };
        let gone = sql_query(format!(
            "DELETE FROM code WHERE text IN (SELECT text FROM code WHERE batch_id = $1 ORDER BY text LIMIT {CHUNK})"
        ))
        .bind::<BigInt, _>(batch)
        .execute(conn)?;
        if i64::try_from(gone).unwrap_or(CHUNK) < CHUNK {
            diesel::delete(code_import::table.filter(code_import::batch_id.eq(batch))).execute(conn)?;
            diesel::delete(code_batch::table.find(batch)).execute(conn)?;
        }
        Ok(Some(campaign))
    })
    .map_err(|error| Failed { campaign: None, error })
}
