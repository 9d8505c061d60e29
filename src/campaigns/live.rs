//! The part of a campaign's page that changes while the worker is at it: what it does, and the numbers.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::numbers::Numbers;
use super::progress::Progress;
use super::sending::Sending;
use super::tally::Tally;
use super::{Campaign, Channel, campaign, days};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{PageResult, Shell, filters, show};

/// All that changes, of one moment.
pub struct Live {
    /// The campaign's page.
    pub path: String,
    /// What the worker still does.
    pub progress: Progress,
    /// What came of it so far.
    pub numbers: Numbers,
    /// Uses of its codes, of a Code coupon.
    pub uses: Option<i64>,
    /// Something can be tried again.
    pub may_retry: bool,
}

impl Live {
    /// Now.
    pub fn of(
        conn: &mut PgConnection,
        of: &Campaign,
        tally: &Tally,
        row: Option<&Sending>,
        now: DateTime<Utc>,
    ) -> Result<Self, AppError> {
        let numbers = Numbers::of(tally, of.channel(), &of.path());
        Ok(Self {
            path: of.path(),
            progress: Progress::of(conn, of, tally, row, now)?,
            uses: if of.channel() == Channel::Code { Some(days::uses(conn, of.id)?) } else { None },
            may_retry: super::retry::is_possible(of.status(now)) && numbers.failed + numbers.uncertain > 0,
            numbers,
        })
    }
}

#[derive(Template)]
#[template(path = "campaigns/live.html")]
struct LivePart {
    shell: Shell,
    live: Live,
}

/// `GET /campaigns/{id}/progress`: the part by itself. Once all is done, the page is to be loaded anew.
pub async fn show_part(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (id, now) = (*id, shell.now);
    let live = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            let tally = Tally::load(conn, id, found.is_over(now))?;
            let row = Sending::of(conn, id)?;
            Live::of(conn, &found, &tally, row.as_ref(), now)
        })
        .await?;
    let done = live.progress.is_done();
    let mut response = show(&LivePart { shell, live })?;
    if done {
        let value = HeaderValue::from_str(&campaign::path(id)).map_err(AppError::internal)?;
        response.headers_mut().insert(HeaderName::from_static("hx-redirect"), value);
    }
    Ok(response)
}
