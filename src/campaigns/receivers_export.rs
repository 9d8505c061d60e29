//! A list of receivers as CSV, streamed: a million rows in the memory of a few thousand (of those searched, of their keys).

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Bytes, Path, Query};
use futures_util::stream;
use serde_json::json;

use super::Campaign;
use super::group_split;
use super::receiver_filter::{ReceiverFilter, ReceiverQuery, search_all};
use super::receiver_list::{self, ReceiverRow};
use super::tally::Tally;
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, MemberId};
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
    let searched = if query.q.trim().is_empty() { None } else { Some(found(&db, &shell, &query).await?) };
    let export = Export { shell, db, id, query, searched };
    let body = stream::try_unfold(Step::Head(head), move |step| export.clone().next(step));
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(body))
}

/// All members that match what was typed, however many.
async fn found(db: &Db, shell: &Shell, query: &ReceiverQuery) -> Result<Arc<Vec<MemberId>>, AppError> {
    let (typed, region, sight) = (query.q.clone(), shell.organisation.phone_region.clone(), shell.sight());
    db.snapshot(move |conn| search_all(conn, &typed, (&region, sight))).await.map(Arc::new)
}

/// Where the file is: before its first row, after a member, at its end.
enum Step {
    Head(Bytes),
    After(MemberId),
    Done,
}

#[derive(Clone)]
struct Export {
    shell: Shell,
    db: Db,
    id: CampaignId,
    query: ReceiverQuery,
    /// Only these members, in order; none: all.
    searched: Option<Arc<Vec<MemberId>>>,
}

impl Export {
    async fn next(self, step: Step) -> Result<Option<(Bytes, Step)>, AppError> {
        let mut step = match step {
            Step::Head(head) => return Ok(Some((head, Step::After(MemberId(0))))),
            step => step,
        };
        // an empty piece would end the file
        while let Step::After(after) = step {
            let (rows, next) = self.clone().rows(after).await?;
            if !rows.is_empty() {
                let text = csv_text::rows(rows.iter().map(|row| cells(row, &self.shell)))?;
                return Ok(Some((Bytes::from(text), next)));
            }
            step = next;
        }
        Ok(None)
    }

    /// The rows after a member, and where to go on.
    async fn rows(self, after: MemberId) -> Result<(Vec<ReceiverRow>, Step), AppError> {
        let Self { shell, db, id, query, searched } = self;
        let now = shell.now;
        let window = searched.map(|all| {
            let first = all.partition_point(|member| *member <= after);
            all[first..].iter().take(CHUNK).copied().collect::<Vec<_>>()
        });
        let last = window.as_ref().map(|window| window.last().copied());
        // the states that someone is in may be others by now: they are read with each chunk
        let rows = db
            .snapshot(move |conn| -> Result<_, AppError> {
                let found = Campaign::find(conn, id)?;
                let tally = Tally::load(conn, id, found.is_over(now))?;
                let groups = group_split::groups(conn, id)?;
                let filter = ReceiverFilter { members: window, ..query.filter(&group_split::places(&groups)) };
                let keyset = Keyset { after: Some(after.to_string()), before: None };
                Ok(receiver_list::rows(conn, id, &tally, &filter, &keyset, CHUNK)?)
            })
            .await?;
        let last = last.unwrap_or_else(|| rows.last().map(|row| row.member_id).filter(|_| rows.len() == CHUNK));
        Ok((rows, last.map_or(Step::Done, Step::After)))
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
