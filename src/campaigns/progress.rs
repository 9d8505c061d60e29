//! What the worker still does for a campaign: making its codes, issuing it.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, sql_query};

use super::sending::Sending;
use super::{Campaign, Channel, Status, campaign};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{PageResult, Shell, filters, show};

#[derive(QueryableByName)]
struct CountsRow {
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    requested: i64,
    #[diesel(sql_type = BigInt)]
    issued: i64,
}

/// How far the work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The campaign's page.
    pub path: String,
    /// Codes made and asked for, while some are still to be made.
    pub codes: Option<(i64, i64)>,
    /// Members it is issued to so far, while there may be more.
    pub issued: Option<i64>,
}

impl Progress {
    /// Now.
    pub fn of(conn: &mut PgConnection, of: &Campaign, now: DateTime<Utc>) -> QueryResult<Self> {
        let counts: CountsRow = sql_query(
            "SELECT coalesce(sum(made), 0)::bigint AS made, coalesce(sum(requested), 0)::bigint AS requested,
               (SELECT coalesce(sum(change), 0)::bigint FROM delivery_count WHERE campaign_id = $1 AND state <> 'skipped') AS issued
             FROM code_batch WHERE campaign_id = $1 AND finished_at IS NULL",
        )
        .bind::<BigInt, _>(of.id)
        .get_result(conn)?;
        let is_held = Sending::of(conn, of.id)?.is_some_and(|sending| sending.held().is_some());
        let is_issued = of.channel() == Channel::Code || of.issued_at.is_some();
        let is_issuing = of.status(now) == Status::Live && !is_issued && !is_held;
        Ok(Self {
            path: of.path(),
            codes: (counts.requested > 0).then_some((counts.made, counts.requested)),
            issued: is_issuing.then_some(counts.issued),
        })
    }

    /// Whether nothing is left to do.
    pub fn is_done(&self) -> bool {
        self.codes.is_none() && self.issued.is_none()
    }
}

#[derive(Template)]
#[template(path = "campaigns/progress.html")]
struct ProgressPart {
    progress: Progress,
}

/// `GET /campaigns/{id}/progress`: the part of the campaign's page that tells it. Once all is done, the page is to
/// be loaded anew.
pub async fn show_progress(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (id, now) = (*id, shell.now);
    let progress = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            Ok(Progress::of(conn, &found, now)?)
        })
        .await?;
    let done = progress.is_done();
    let mut response = show(&ProgressPart { progress })?;
    if done {
        let name = actix_web::http::header::HeaderName::from_static("hx-redirect");
        let value = actix_web::http::header::HeaderValue::from_str(&campaign::path(id)).map_err(AppError::internal)?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
