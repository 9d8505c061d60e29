//! **End now**: the end is this moment.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::differences::{Act, Confirmed};
use super::joined_by::{self, JoiningGroup};
use super::{Campaign, Status, campaign};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::campaign as table;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "campaigns/end_now.html")]
struct EndNowPage {
    shell: Shell,
    name: String,
    path: String,
    ends: String,
    groups: Vec<JoiningGroup>,
}

/// `GET /campaigns/{id}/end`: what it would do.
pub async fn ask(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let id = *id;
    let (found, groups) = db
        .snapshot(move |conn| -> Result<_, AppError> { Ok((Campaign::find(conn, id)?, joined_by::groups(conn, id)?)) })
        .await?;
    if !may_end(found.status(shell.now)) {
        return see_other_with(found.path(), &refused(found.status(shell.now)));
    }
    let ends = found.times.ends_at.map(|end| super::time_words::end(end, &shell.organisation)).unwrap_or_default();
    show(&EndNowPage { shell, name: found.name().to_owned(), path: found.path(), ends, groups })
}

/// `POST /campaigns/{id}/end`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act) = (*id, Act::of(&shell));
    let flash = db
        .write(move |conn| -> Result<_, AppError> {
            let found = Campaign::lock(conn, id)?;
            let status = found.status(act.now);
            if !may_end(status) {
                return Ok(refused(status));
            }
            diesel::update(table::table.find(id)).set(table::ends_at.eq(act.now)).execute(conn)?;
            act.done(conn, &found, "campaign ended")?;
            Ok(Flash::success(format!("{} has ended. Its coupons can no longer be used.", found.name())))
        })
        .await?;
    see_other_with(campaign::path(id), &flash)
}

/// One that has not started has no time to end; it can be cancelled.
fn may_end(status: Status) -> bool {
    matches!(status, Status::Live | Status::Paused)
}

fn refused(status: Status) -> Flash {
    Flash::warning(format!("Nothing was changed: the campaign is {}.", status.label().to_lowercase()))
}
