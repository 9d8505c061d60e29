//! An import: its first rows, what was found in it, how far it is.

use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;

use super::ask::ShapeForm;
use super::code_import::{CodeImport, Stage};
use super::refused::{RefusedRow, refused};
use super::sniff::DELIMITERS;
use crate::campaigns::pos_words::counted;
use crate::codes::counts::CodeCounts;
use crate::codes::owner::CodeOwner;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeImportId};
use crate::web::{FieldErrors, PageResult, Shell, filters, rejected, show as answer};

/// Refused rows that are shown.
const SAMPLES: usize = 10;

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ApplyForm {
    pub name: String,
    pub despite: String,
}

#[derive(Template)]
#[template(path = "codes/import/show.html")]
struct ShowPage {
    shell: Shell,
    owner: CodeOwner,
    import: CodeImport,
    stage: Stage,
    shape: ShapeForm,
    apply: ApplyForm,
    errors: FieldErrors,
    rows: Vec<Vec<String>>,
    samples: Vec<RefusedRow>,
    risk: Option<String>,
}

#[derive(Template)]
#[template(path = "codes/import/progress.html")]
struct ProgressPart {
    import: CodeImport,
    stage: Stage,
}

type At = (CampaignId, CodeImportId);

/// `GET /campaigns/{id}/codes/imports/{import}`
pub async fn show(shell: Shell, db: Db, at: Path<At>) -> PageResult {
    answer(&load(shell, &db, *at).await?)
}

/// The page again, with what is wrong.
pub async fn again(
    shell: Shell,
    db: &Db,
    at: At,
    shape: ShapeForm,
    apply: ApplyForm,
    errors: FieldErrors,
) -> PageResult {
    let mut page = load(shell, db, at).await?;
    if !shape.delimiter.is_empty() || !shape.column.is_empty() {
        page.shape = shape;
    }
    rejected(&ShowPage { apply, errors, ..page })
}

/// `GET /campaigns/{id}/codes/imports/{import}/progress`: a part of the page, as it is now.
pub async fn progress(db: Db, at: Path<At>) -> PageResult {
    let (id, import) = *at;
    let import = db.read(move |conn| -> Result<_, AppError> { Ok(CodeImport::find(conn, id, import)?) }).await?;
    answer(&ProgressPart { stage: import.stage(), import })
}

async fn load(shell: Shell, db: &Db, (id, import): At) -> Result<ShowPage, AppError> {
    db.snapshot(move |conn| {
        let import = CodeImport::find(conn, id, import)?;
        let there = CodeCounts::kept(conn, id, None)?.all;
        let stage = import.stage();
        Ok(ShowPage {
            owner: CodeOwner::find(conn, id)?,
            shape: ShapeForm::of(&import),
            rows: import.first_rows(conn)?,
            samples: refused(conn, import.id, 0, SAMPLES)?,
            risk: if stage == Stage::Checked { import.guess_risk(there) } else { None },
            apply: ApplyForm::default(),
            errors: FieldErrors::new(),
            stage,
            import,
            shell,
        })
    })
    .await
}

impl CodeImport {
    /// "12,000 of 50,000 rows"; how many of how many for the bar.
    fn words(&self) -> String {
        use filters::grouped;
        match self.stage() {
            Stage::Checking => format!("{} rows checked", grouped(self.rows)),
            Stage::Importing => {
                format!("{} of {} codes imported", grouped(self.taken + self.late), grouped(self.fresh))
            }
            _ => String::new(),
        }
    }

    fn done(&self) -> (i64, i64) {
        match self.stage() {
            Stage::Importing => (self.taken + self.late, self.fresh),
            _ => (self.read_up_to, self.size),
        }
    }

    fn not_fresh(&self) -> i64 {
        self.refused + self.duplicate + self.known + self.late
    }
}

impl ShowPage {
    fn at(&self, what: &str) -> String {
        format!("{}/{what}", self.import.path())
    }

    fn import_words(&self) -> String {
        format!("Import {}", counted(self.import.fresh, "code"))
    }

    fn delimiters(&self) -> [(&'static str, &'static str); 4] {
        DELIMITERS
    }

    /// Key and words of each column: "2: Code (AB12CD)".
    fn columns(&self) -> Vec<(String, String)> {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(1);
        let cell =
            |row: usize, place: usize| self.rows.get(row).and_then(|row| row.get(place)).cloned().unwrap_or_default();
        let short = |text: String| text.chars().take(40).collect::<String>();
        let words = |place: usize| format!("{}: {}", place + 1, short(cell(0, place)));
        (0..width).map(|place| (place.to_string(), words(place))).collect()
    }

    fn has(&self, stage: &str) -> bool {
        let known = match stage {
            "uploaded" => Stage::Uploaded,
            "checked" => Stage::Checked,
            "failed" => Stage::Failed,
            "imported" => Stage::Imported,
            _ => Stage::Cancelled,
        };
        self.stage == known
    }

    fn may_cancel(&self) -> bool {
        !matches!(self.stage, Stage::Imported | Stage::Cancelled)
    }

    fn batch_path(&self) -> String {
        let batch = self.import.batch_id.map(|batch| batch.to_string()).unwrap_or_default();
        format!("{}?batch={batch}", self.owner.codes_path())
    }
}
