//! What became of each batch, as CSV.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Path;
use chrono::SecondsFormat;

use super::batches::BatchRow;
use super::owner::CodeOwner;
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::csv_text;
use crate::web::{PageResult, Shell};

const HEAD: [&str; 9] =
    ["Batch", "Source", "State", "Made by", "Time (UTC)", "Codes", "Handed out", "Validated", "Validated per cent"];

/// `GET /campaigns/{id}/codes/batches.csv`
pub async fn show(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let rows = db
        .write(move |conn| -> Result<_, AppError> {
            let subject = Subject::new("campaign", id, CodeOwner::find(conn, id)?.name);
            let change = Change { action: "code batches exported", before: None, after: None };
            let rows = BatchRow::all(conn, id)?;
            audit::append(conn, &actor, now, &subject, &change)?;
            Ok(rows)
        })
        .await?;
    let head = [HEAD.map(str::to_owned)];
    let text = csv_text::rows(head.into_iter().chain(rows.iter().map(cells)))?;
    let name = format!("campaign-{id}-batches-{}.csv", shell.organisation.today(now));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .body(format!("{}{text}", csv_text::BYTE_ORDER_MARK)))
}

fn cells(row: &BatchRow) -> [String; 9] {
    [
        row.title(),
        if row.is_imported() { "Imported" } else { "Made" }.into(),
        row.state().0,
        row.maker().into(),
        row.created_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        row.codes.to_string(),
        row.handed_out.to_string(),
        row.validated.to_string(),
        row.share().map(|share| format!("{share:.2}")).unwrap_or_default(),
    ]
}
