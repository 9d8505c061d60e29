//! A campaign's codes as CSV, streamed: millions of rows in the memory of a few thousand.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Path, Query};
use futures_util::stream;

use super::index::IndexQuery;
use super::list::{CodeFilter, CodeRow};
use super::owner::CodeOwner;
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{PageResult, Shell, csv_text};

/// Rows fetched at a time.
const CHUNK: usize = 10_000;
const HEAD: [&str; 6] = ["Code", "State", "Uses allowed", "Uses taken", "Member number", "Member"];

/// `GET /campaigns/{id}/codes/export.csv`
pub async fn show(shell: Shell, db: Db, id: Path<CampaignId>, query: Query<IndexQuery>) -> PageResult {
    let (id, filter) = (*id, query.filter(*id));
    let (actor, now) = (shell.actor(), shell.now);
    db.write(move |conn| -> Result<_, AppError> {
        let subject = Subject::new("campaign", id, CodeOwner::find(conn, id)?.name);
        let change = Change { action: "codes exported", before: None, after: None };
        Ok(audit::append(conn, &actor, now, &subject, &change)?)
    })
    .await?;
    let head = Bytes::from(csv_text::rows([HEAD.map(str::to_owned)])?);
    let body = stream::try_unfold(Step::Head(head), move |step| next(db.clone(), filter.clone(), step));
    let name = format!("campaign-{id}-codes-{}.csv", shell.organisation.today(now));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(body))
}

/// Where the file is: before its first row, after a code, at its end.
enum Step {
    Head(Bytes),
    After(String),
    Done,
}

async fn next(db: Db, filter: Option<CodeFilter>, step: Step) -> Result<Option<(Bytes, Step)>, AppError> {
    let (key, filter) = match (step, filter) {
        (Step::Head(head), Some(_)) => return Ok(Some((head, Step::After(String::new())))),
        (Step::Head(head), None) => return Ok(Some((head, Step::Done))),
        (Step::After(key), Some(filter)) => (key, filter),
        (Step::After(_) | Step::Done, _) => return Ok(None),
    };
    let rows = db.read(move |conn| -> Result<_, AppError> { Ok(filter.rows(conn, &key, false, CHUNK)?) }).await?;
    let Some(last) = rows.last().map(|row| row.text.clone()) else { return Ok(None) };
    let step = if rows.len() < CHUNK { Step::Done } else { Step::After(last) };
    let text = csv_text::rows(rows.into_iter().map(CodeRow::cells))?;
    Ok(Some((Bytes::from(text), step)))
}
