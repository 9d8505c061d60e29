//! **Check the file**: what stands where in it is confirmed, and the worker looks at each row.

use actix_web::web::Path;
use diesel::prelude::*;
use serde::Deserialize;

use super::code_import::{CodeImport, Stage};
use super::show::{self, ApplyForm};
use super::sniff::DELIMITERS;
use crate::campaigns::differences::Act;
use crate::db::Db;
use crate::ids::{CampaignId, CodeImportId};
use crate::schema::{code_import, code_import_row};
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, see_other};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ShapeForm {
    pub delimiter: String,
    pub column: String,
    pub has_head: String,
}

impl ShapeForm {
    /// As stored.
    pub fn of(import: &CodeImport) -> Self {
        Self {
            delimiter: import.delimiter.clone(),
            column: import.code_column.to_string(),
            has_head: if import.has_head { "on".to_owned() } else { String::new() },
        }
    }

    /// Whether the first row names the columns.
    pub fn has_head(&self) -> bool {
        !self.has_head.is_empty()
    }
}

/// `POST /campaigns/{id}/codes/imports/{import}/check`
pub async fn create(shell: Shell, db: Db, at: Path<(CampaignId, CodeImportId)>, form: Form<ShapeForm>) -> PageResult {
    let ((id, import), act, typed) = (at.into_inner(), Act::of(&shell), form.typed.clone());
    let asked = db.write(move |conn| ask(conn, &act, id, import, &typed)).await;
    match asked {
        Ok(import) => see_other(import.path()),
        Err(SaveError::Rejected(errors)) => {
            show::again(shell, &db, (id, import), form.typed, ApplyForm::default(), errors).await
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// From the beginning, whatever was found before; nothing of it is taken in yet.
fn ask(
    conn: &mut PgConnection,
    act: &Act,
    id: CampaignId,
    import: CodeImportId,
    form: &ShapeForm,
) -> Result<CodeImport, SaveError> {
    let mut errors = FieldErrors::new();
    let known = DELIMITERS.iter().any(|(key, _)| *key == form.delimiter);
    let delimiter =
        errors.take("delimiter", known.then_some(&form.delimiter).ok_or("Choose what stands between the cells"));
    let column = form.column.parse().ok().filter(|column| (0..1_000).contains(column));
    let column: Option<i32> = errors.take("column", column.ok_or("Choose the column of the codes"));
    let found = CodeImport::lock(conn, id, import)?;
    let (Some(delimiter), Some(column)) = (delimiter, column) else { return Err(errors.into()) };
    if !matches!(found.stage(), Stage::Uploaded | Stage::Checking | Stage::Checked | Stage::Failed) {
        return Ok(found);
    }
    diesel::delete(code_import_row::table.filter(code_import_row::import_id.eq(import))).execute(conn)?;
    diesel::update(code_import::table.find(import))
        .set((
            (
                code_import::delimiter.eq(delimiter),
                code_import::code_column.eq(column),
                code_import::has_head.eq(form.has_head()),
                code_import::asked_at.eq(act.now),
                code_import::checked_at.eq(None::<chrono::DateTime<chrono::Utc>>),
                code_import::failure.eq(None::<String>),
                code_import::read_up_to.eq(0),
            ),
            (
                code_import::rows.eq(0),
                code_import::fresh.eq(0),
                code_import::duplicate.eq(0),
                code_import::known.eq(0),
                code_import::refused.eq(0),
                code_import::shortest.eq(None::<i32>),
                code_import::same_start.eq(None::<String>),
                code_import::has_digits.eq(false),
                code_import::has_letters.eq(false),
            ),
        ))
        .execute(conn)?;
    Ok(found)
}
