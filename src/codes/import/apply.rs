//! **Import**: what was found fresh becomes a batch of codes.

use actix_web::web::Path;
use diesel::prelude::*;
use serde_json::json;

use super::ask::ShapeForm;
use super::code_import::{CodeImport, MOST, Stage};
use super::show::{self, ApplyForm};
use crate::audit::{self, Change, Subject};
use crate::campaigns::differences::Act;
use crate::codes::counts::CodeCounts;
use crate::codes::new::MAX_NAME;
use crate::codes::owner::CodeOwner;
use crate::db::Db;
use crate::ids::{CampaignId, CodeBatchId, CodeImportId};
use crate::schema::{campaign, code_batch, code_import};
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, see_other, see_other_with};

/// `POST /campaigns/{id}/codes/imports/{import}/application`
pub async fn create(shell: Shell, db: Db, at: Path<(CampaignId, CodeImportId)>, form: Form<ApplyForm>) -> PageResult {
    let ((id, import), act, typed) = (at.into_inner(), Act::of(&shell), form.typed.clone());
    match db.write(move |conn| begin(conn, &act, id, import, &typed)).await {
        Ok((import, true)) => see_other(import.path()),
        Ok((import, false)) => {
            let flash = Flash::warning("This file is imported already, or being imported. Nothing was done twice.");
            see_other_with(import.path(), &flash)
        }
        Err(SaveError::Rejected(errors)) => {
            show::again(shell, &db, (id, import), ShapeForm::default(), form.typed, errors).await
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// False: there is nothing to begin any more.
fn begin(
    conn: &mut PgConnection,
    act: &Act,
    id: CampaignId,
    import: CodeImportId,
    form: &ApplyForm,
) -> Result<(CodeImport, bool), SaveError> {
    // one after the other, so that each counts the codes of those before it
    campaign::table.find(id).select(campaign::id).for_no_key_update().first::<i64>(conn)?;
    let owner = CodeOwner::find(conn, id)?;
    let found = CodeImport::lock(conn, id, import)?;
    if found.stage() != Stage::Checked || found.fresh == 0 || !owner.takes_imports() {
        return Ok((found, false));
    }
    let there = CodeCounts::kept(conn, id, None)?.all;
    let name = check(&found, there, form)?;
    let batch: CodeBatchId = diesel::insert_into(code_batch::table)
        .values((
            code_batch::campaign_id.eq(id),
            code_batch::name.eq(&name),
            code_batch::source.eq("imported"),
            code_batch::requested.eq(i32::try_from(found.fresh).unwrap_or(i32::MAX)),
            code_batch::created_at.eq(act.now),
            code_batch::created_by.eq(act.actor.account_id),
        ))
        .returning(code_batch::id)
        .get_result(conn)?;
    diesel::update(code_import::table.find(import)).set(code_import::batch_id.eq(batch)).execute(conn)?;
    let subject = Subject::new("campaign", id, owner.name);
    let after = json!({ "file": found.file_name, "codes": found.fresh, "batch": name });
    audit::append(
        conn,
        &act.actor,
        act.now,
        &subject,
        &Change { action: "codes imported", before: None, after: Some(after) },
    )?;
    Ok((found, true))
}

/// The batch's name. Codes that are easily guessed are others' codes, and may be on paper already: refusing them would
/// help nobody, so that it is told and must be confirmed.
fn check(found: &CodeImport, there: i64, form: &ApplyForm) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = errors.take("name", Line::parse(&form.name, MAX_NAME)).flatten().unwrap_or_default();
    if found.guess_risk(there).is_some() && form.despite.is_empty() {
        errors.add("despite", "Tick this to import codes that are easily guessed, or cancel the import");
    }
    if found.fresh + there > MOST {
        errors.add("name", "A campaign holds at most 5,000,000 codes: import a smaller file");
    }
    if errors.is_empty() { Ok(name) } else { Err(errors) }
}
