//! One entry of the log, with its link of the chain.

use actix_web::web::Path;
use askama::Template;

use super::changes::FieldChange;
use super::list::EntryRow;
use super::verify;
use crate::db::Db;
use crate::error::AppError;
use crate::web::{PageResult, Shell, filters, show as page};

#[derive(Template)]
#[template(path = "audit/show.html")]
struct EntryPage {
    shell: Shell,
    entry: EntryRow,
    changes: Vec<FieldChange>,
    /// The link before; empty: it is the first.
    previous: String,
}

/// `GET /settings/audit-log/{entry}`
pub async fn show(shell: Shell, db: Db, id: Path<i64>) -> PageResult {
    let (entry, previous) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let entry = EntryRow::find(conn, *id)?;
            let previous = verify::link(conn, entry.id - 1)?;
            Ok((entry, previous.unwrap_or_default()))
        })
        .await?;
    let changes = entry.changes(&shell.organisation, shell.sight());
    page(&EntryPage { shell, entry, changes, previous })
}
