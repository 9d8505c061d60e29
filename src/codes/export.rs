//! A campaign's codes as CSV, streamed: millions of rows in the memory of a few thousand. The database makes the lines:
//! taking rows apart here only to put them together again would take longer than all the rest.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Path, Query};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{QueryableByName, sql_query};
use futures_util::stream;

use super::counts::CodeCounts;
use super::index::IndexQuery;
use super::list::CodeFilter;
use super::owner::CodeOwner;
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{PageResult, Shell};

/// Rows fetched at a time.
const CHUNK: i64 = 20_000;
const HEAD: &str = "Code,State,Uses allowed,Uses taken,Member number,Member,Batch\n";

/// `GET /campaigns/{id}/codes/export.csv`: of the filters in the address.
pub async fn show(shell: Shell, db: Db, id: Path<CampaignId>, query: Query<IndexQuery>) -> PageResult {
    let (id, filter) = (*id, query.filter(*id));
    let (actor, now) = (shell.actor(), shell.now);
    let counts = db
        .write(move |conn| -> Result<_, AppError> {
            let subject = Subject::new("campaign", id, CodeOwner::find(conn, id)?.name);
            let counts = CodeCounts::kept(conn, id, None)?;
            let change = Change { action: "codes exported", before: None, after: None };
            audit::append(conn, &actor, now, &subject, &change)?;
            Ok(counts)
        })
        .await?;
    let filter = filter.map(|filter| filter.knowing(&counts));
    let body = stream::try_unfold(Step::Head, move |step| next(db.clone(), filter.clone(), step));
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
    Head,
    After(String),
    Done,
}

async fn next(db: Db, filter: Option<CodeFilter>, step: Step) -> Result<Option<(Bytes, Step)>, AppError> {
    let (key, filter) = match (step, filter) {
        (Step::Head, Some(_)) => return Ok(Some((Bytes::from(HEAD), Step::After(String::new())))),
        (Step::Head, None) => return Ok(Some((Bytes::from(HEAD), Step::Done))),
        (Step::After(key), Some(filter)) => (key, filter),
        (Step::After(_) | Step::Done, _) => return Ok(None),
    };
    let lines = db.read(move |conn| -> Result<_, AppError> { Ok(Lines::after(conn, &filter, &key)?) }).await?;
    let (Some(text), Some(last)) = (lines.text, lines.last) else { return Ok(None) };
    let step = if lines.rows < CHUNK { Step::Done } else { Step::After(last) };
    Ok(Some((Bytes::from(text), step)))
}

#[derive(QueryableByName)]
struct Lines {
    #[diesel(sql_type = BigInt)]
    rows: i64,
    #[diesel(sql_type = Nullable<Text>)]
    last: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

impl Lines {
    fn after(conn: &mut PgConnection, filter: &CodeFilter, key: &str) -> QueryResult<Self> {
        sql_query(format!(
            "SELECT count(*) AS rows, max(text) AS last, string_agg(line, '') AS text FROM (
               SELECT page.text, concat(page.text,
                 CASE WHEN uses_taken > 0 THEN ',Used,' WHEN member_id IS NULL THEN ',Unused,' ELSE ',Handed out,' END,
                 uses_allowed, ',', uses_taken, ',', lpad(member.number::text, 10, '0'), ',', csv_cell(member.name), ',',
                 csv_cell(code_batch.name), E'\\n') AS line
               FROM (SELECT text, uses_allowed, uses_taken, member_id, batch_id FROM code
                     WHERE {} AND text > $4 ORDER BY text LIMIT {CHUNK}) AS page
               LEFT JOIN member ON member.id = page.member_id LEFT JOIN code_batch ON code_batch.id = page.batch_id
               ORDER BY page.text) AS lines",
            filter.condition()
        ))
        .bind::<BigInt, _>(filter.campaign)
        .bind::<Text, _>(filter.pattern())
        .bind::<BigInt, _>(filter.batch.map_or(0, |batch| batch.0))
        .bind::<Text, _>(key)
        .get_result(conn)
    }
}
