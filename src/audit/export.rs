//! The log as CSV, streamed: what the page's filters leave, the latest first.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Query};
use futures_util::stream;
use serde_json::Value;

use super::entry::{self, Change, Subject};
use super::index::LogQuery;
use super::list::{EntryFilter, EntryRow};
use crate::db::Db;
use crate::error::AppError;
use crate::members::Sight;
use crate::web::csv_text;
use crate::web::{Keyset, PageResult, Shell};

/// Entries fetched at a time.
const CHUNK: usize = 2_000;
const HEAD: [&str; 11] =
    ["Entry", "Time (UTC)", "Who", "From", "What", "Kind", "Key", "Name", "Before", "After", "Link"];

/// `GET /settings/audit-log/export.csv`
pub async fn show(shell: Shell, db: Db, query: Query<LogQuery>) -> PageResult {
    let filter = query.filter(&shell.organisation);
    let (actor, now) = (shell.actor(), shell.now);
    let change = Change { action: "audit log exported", before: None, after: None };
    db.write(move |conn| -> Result<_, AppError> {
        Ok(entry::append(conn, &actor, now, &Subject::new("setting", "audit-log", "Audit log"), &change)?)
    })
    .await?;
    let day = shell.organisation.today(shell.now);
    let head = csv_text::rows([HEAD.map(str::to_owned)])?;
    let head = Bytes::from(format!("{}{head}", csv_text::BYTE_ORDER_MARK));
    let sight = shell.sight();
    let body = stream::try_unfold(Step::Head(head), move |step| next(db.clone(), (filter.clone(), sight), step));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(format!("audit-log-{day}.csv"))],
        })
        .streaming(body))
}

enum Step {
    Head(Bytes),
    After(Option<i64>),
    Done,
}

async fn next(db: Db, (filter, sight): (EntryFilter, Sight), step: Step) -> Result<Option<(Bytes, Step)>, AppError> {
    let key = match step {
        Step::Head(head) => return Ok(Some((head, Step::After(None)))),
        Step::After(key) => key,
        Step::Done => return Ok(None),
    };
    let keyset = Keyset { after: key.map(|key| key.to_string()), before: None };
    let mut rows = db.read(move |conn| -> Result<_, AppError> { Ok(filter.rows(conn, &keyset, CHUNK)?) }).await?;
    let more = rows.len() > CHUNK;
    rows.truncate(CHUNK);
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let text = csv_text::rows(rows.into_iter().map(|row| cells(row, sight)))?;
    Ok(Some((Bytes::from(text), if more { Step::After(Some(last)) } else { Step::Done })))
}

fn cells(row: EntryRow, sight: Sight) -> [String; 11] {
    let json = |value: &Option<Value>| value.as_ref().map(|value| sight.text(&value.to_string())).unwrap_or_default();
    [
        row.id.to_string(),
        row.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        row.actor.clone(),
        row.address.clone(),
        row.action.clone(),
        row.subject_kind.clone(),
        row.subject_id.clone(),
        row.subject_name.clone(),
        json(&row.before),
        json(&row.after),
        row.hash(),
    ]
}
