//! Rows that are not taken in, with the reason, as a file.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Path};
use diesel::prelude::*;
use futures_util::stream;

use super::code_import::CodeImport;
use super::reason::Reason;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeImportId};
use crate::schema::code_import_row;
use crate::web::{PageResult, Shell, csv_text};

const CHUNK: usize = 10_000;

/// `GET /campaigns/{id}/codes/imports/{import}/refused.csv`
pub async fn show(_: Shell, db: Db, at: Path<(CampaignId, CodeImportId)>) -> PageResult {
    let (campaign, id) = at.into_inner();
    db.read(move |conn| -> Result<_, AppError> { Ok(CodeImport::find(conn, campaign, id)?) }).await?;
    let head = csv_text::rows([["Row", "Code", "Reason"].map(str::to_owned)])?;
    let body = stream::try_unfold((Some(head), Some(0_i64)), move |(head, after)| next(db.clone(), id, head, after));
    let name = format!("codes-not-imported-{id}.csv");
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(body))
}

type Step = (Option<String>, Option<i64>);

async fn next(
    db: Db,
    id: CodeImportId,
    head: Option<String>,
    after: Option<i64>,
) -> Result<Option<(Bytes, Step)>, AppError> {
    let Some(after) = after else { return Ok(None) };
    let rows = db.read(move |conn| -> Result<_, AppError> { Ok(refused(conn, id, after, CHUNK)?) }).await?;
    let last = if rows.len() < CHUNK { None } else { rows.last().map(|row| row.line) };
    let lines = csv_text::rows(
        rows.into_iter().map(|row| [row.line.to_string(), row.text, Reason::words_of(&row.refused).to_owned()]),
    )?;
    Ok(Some((Bytes::from(head.unwrap_or_default() + lines.as_str()), (None, last))))
}

/// A row that is not taken in.
#[derive(Debug, Clone, Queryable)]
pub struct RefusedRow {
    /// In the file, the heading counted.
    pub line: i64,
    /// What stands there.
    pub text: String,
    refused: String,
}

impl RefusedRow {
    /// Why.
    pub fn reason(&self) -> &'static str {
        Reason::words_of(&self.refused)
    }
}

/// The next ones after a row.
pub(super) fn refused(
    conn: &mut PgConnection,
    id: CodeImportId,
    after: i64,
    most: usize,
) -> QueryResult<Vec<RefusedRow>> {
    code_import_row::table
        .filter(code_import_row::import_id.eq(id).and(code_import_row::refused.is_not_null()))
        .filter(code_import_row::line.gt(after))
        .order(code_import_row::line)
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((code_import_row::line, code_import_row::text, code_import_row::refused.assume_not_null()))
        .load(conn)
}
