//! A list of receivers as CSV, streamed: a million rows in the memory of a few thousand.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Path, Query};
use futures_util::stream;
use serde_json::json;

use super::Campaign;
use super::group_split;
use super::receiver_filter::ReceiverQuery;
use super::receiver_list::{self, ReceiverRow};
use super::receivers_page::narrowed;
use super::tally::Tally;
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::members::Guarded;
use crate::web::{Keyset, PageResult, Shell, csv_text};

/// Rows fetched at a time.
const CHUNK: usize = 5_000;
const HEAD: [&str; 8] = ["Member number", "Name", "Phone", "E-mail", "State", "Reason", "Since", "Code"];
/// Those that only who may see personal data gets.
const PERSONAL: std::ops::Range<usize> = 2..4;

/// `GET /campaigns/{id}/deliveries.csv`: the list as it is filtered.
pub async fn show(shell: Shell, db: Db, id: Path<CampaignId>, query: Query<ReceiverQuery>) -> PageResult {
    let (id, query) = (*id, query.into_inner());
    let (actor, now, filtered) = (shell.actor(), shell.now, query.clone());
    db.write(move |conn| -> Result<_, AppError> {
        let found = Campaign::find(conn, id)?;
        let subject = Subject::new("campaign", id, found.name());
        let change = Change { action: "receivers exported", before: None, after: Some(json!(filtered)) };
        Ok(audit::append(conn, &actor, now, &subject, &change)?)
    })
    .await?;
    let name = format!("campaign-{id}-receivers-{}.csv", shell.organisation.today(now));
    let head = csv_text::rows([shell.without_personal(HEAD.map(str::to_owned), PERSONAL)])?;
    let head = Bytes::from(format!("{}{head}", csv_text::BYTE_ORDER_MARK));
    let export = Export { shell, db, id, query };
    let body = stream::try_unfold(Step::Head(head), move |step| export.clone().next(step));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(body))
}

/// Where the file is: before its first row, after a member, at its end.
enum Step {
    Head(Bytes),
    After(String),
    Done,
}

#[derive(Clone)]
struct Export {
    shell: Shell,
    db: Db,
    id: CampaignId,
    query: ReceiverQuery,
}

impl Export {
    async fn next(self, step: Step) -> Result<Option<(Bytes, Step)>, AppError> {
        let after = match step {
            Step::Head(head) => return Ok(Some((head, Step::After("0".to_owned())))),
            Step::After(key) => key,
            Step::Done => return Ok(None),
        };
        let Self { shell, db, id, query } = self;
        let (now, sight, region) = (shell.now, shell.sight(), shell.organisation.phone_region.clone());
        // the states that someone is in may be others by now: they are read with each chunk
        let rows = db
            .snapshot(move |conn| -> Result<_, AppError> {
                let found = Campaign::find(conn, id)?;
                let tally = Tally::load(conn, id, found.is_over(now))?;
                let groups = group_split::groups(conn, id)?;
                let (filter, _) = narrowed(conn, &query, &groups, (&region, sight))?;
                let keyset = Keyset { after: Some(after), before: None };
                Ok(receiver_list::rows(conn, id, &tally, &filter, &keyset, CHUNK)?)
            })
            .await?;
        let Some(last) = rows.last().map(|row| row.member_id.to_string()) else { return Ok(None) };
        let step = if rows.len() < CHUNK { Step::Done } else { Step::After(last) };
        let text = csv_text::rows(rows.iter().map(|row| cells(row, &shell)))?;
        Ok(Some((Bytes::from(text), step)))
    }
}

fn cells(row: &ReceiverRow, shell: &Shell) -> Vec<String> {
    let exact =
        |stored: &Option<Guarded>| stored.as_ref().map(|stored| stored.unmasked().to_owned()).unwrap_or_default();
    let all = [
        row.number_text(),
        row.name.clone(),
        exact(&row.phone),
        exact(&row.email),
        row.state().label().to_owned(),
        row.reason(shell.sight()),
        row.at().with_timezone(&shell.zone()).format("%Y-%m-%d %H:%M").to_string(),
        row.code.clone().unwrap_or_default(),
    ];
    shell.without_personal(all, PERSONAL)
}
