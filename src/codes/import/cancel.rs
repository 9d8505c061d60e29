//! **Cancel import**: before anything was taken in, or amidst it.

use actix_web::web::Path;
use diesel::prelude::*;

use super::code_import::{CodeImport, Stage};
use crate::campaigns::differences::{Act, Confirmed};
use crate::codes::stop_batch;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeImportId};
use crate::schema::code_import;
use crate::web::filters::grouped;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};

/// `POST /campaigns/{id}/codes/imports/{import}/cancel`
pub async fn create(shell: Shell, db: Db, at: Path<(CampaignId, CodeImportId)>, _: Form<Confirmed>) -> PageResult {
    let ((id, import), act) = (at.into_inner(), Act::of(&shell));
    let (import, stayed) = db.write(move |conn| -> Result<_, AppError> { Ok(cancel(conn, &act, id, import)?) }).await?;
    let flash = match stayed {
        Some(0) => Flash::success("Import cancelled. No code was taken in."),
        Some(stayed) => Flash::success(format!("Import cancelled. {} codes were taken in and stay.", grouped(stayed))),
        None => Flash::warning("This import is over already. Nothing was cancelled."),
    };
    see_other_with(import.path(), &flash)
}

/// How many codes stay; none: it is over already.
fn cancel(
    conn: &mut PgConnection,
    act: &Act,
    id: CampaignId,
    import: CodeImportId,
) -> QueryResult<(CodeImport, Option<i64>)> {
    let found = CodeImport::lock(conn, id, import)?;
    let stayed = match (found.stage(), found.batch_id) {
        (Stage::Importing, Some(batch)) => stop_batch::stop(conn, id, batch, &act.actor, act.now)?,
        (Stage::Imported | Stage::Cancelled, _) => None,
        _ => {
            diesel::update(code_import::table.find(import)).set(code_import::cancelled_at.eq(act.now)).execute(conn)?;
            Some(0)
        }
    };
    Ok((found, stayed))
}
