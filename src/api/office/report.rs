//! Reports are streamed: a million rows in the memory of a few thousand, as lines of JSON or as CSV.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use diesel::{PgConnection, QueryResult};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::bulk::LINES;
use crate::api::ApiError;
use crate::db::Db;
use crate::error::AppError;
use crate::web::csv_text;

/// Rows fetched at a time.
pub const CHUNK: usize = 5_000;

/// How a report is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON value a line.
    #[default]
    Ndjson,
    /// With a head of column names.
    Csv,
}

/// A report of `N` columns.
pub trait Report<const N: usize>: Clone + Send + 'static {
    /// A line as JSON.
    type Row: Serialize + Send;
    /// The names of its columns in CSV.
    const HEAD: [&'static str; N];
    /// At most `CHUNK` rows after a key, and the key of the last.
    fn page(&self, conn: &mut PgConnection, after: i64) -> QueryResult<Vec<(i64, Self::Row)>>;
    /// A line as CSV.
    fn cells(row: Self::Row) -> [String; N];
}

enum Step {
    Begin,
    After(i64),
    Done,
}

/// The whole report, as it is read.
pub fn answer<const N: usize, R: Report<N>>(db: Db, report: R, format: Format) -> Result<HttpResponse, ApiError> {
    let body = stream::try_unfold(Step::Begin, move |step| next(db.clone(), report.clone(), format, step));
    let kind = if format == Format::Csv { "text/csv; charset=utf-8" } else { LINES };
    Ok(HttpResponse::Ok().content_type(kind).insert_header((header::CACHE_CONTROL, "no-store")).streaming(body))
}

async fn next<const N: usize, R: Report<N>>(
    db: Db,
    report: R,
    format: Format,
    step: Step,
) -> Result<Option<(Bytes, Step)>, AppError> {
    let after = match step {
        Step::Begin if format == Format::Csv => {
            let head = csv_text::rows([R::HEAD.map(str::to_owned)])?;
            return Ok(Some((Bytes::from(head), Step::After(0))));
        }
        Step::Begin => 0,
        Step::After(key) => key,
        Step::Done => return Ok(None),
    };
    let rows = db.read(move |conn| -> Result<_, AppError> { Ok(report.page(conn, after)?) }).await?;
    let Some(last) = rows.last().map(|(key, _)| *key) else { return Ok(None) };
    let step = if rows.len() < CHUNK { Step::Done } else { Step::After(last) };
    let rows = rows.into_iter().map(|(_, row)| row);
    let text = match format {
        Format::Csv => csv_text::rows(rows.map(R::cells))?,
        Format::Ndjson => lines(rows)?,
    };
    Ok(Some((Bytes::from(text), step)))
}

fn lines(rows: impl Iterator<Item = impl Serialize>) -> Result<String, AppError> {
    let mut text = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut text, &row).map_err(AppError::internal)?;
        text.push(b'\n');
    }
    String::from_utf8(text).map_err(AppError::internal)
}
