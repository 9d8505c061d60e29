//! **Cancel**: for good; what members hold unused is withdrawn.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::differences::{Act, Confirmed};
use super::joined_by::{self, JoiningGroup};
use super::{Campaign, Status, campaign};
use crate::db::Db;
use crate::deliveries::{Ledger, closing};
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::campaign as table;
use crate::web::filters::{self, grouped};
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "campaigns/cancel.html")]
struct CancelPage {
    shell: Shell,
    name: String,
    path: String,
    unused: i64,
    groups: Vec<JoiningGroup>,
}

/// `GET /campaigns/{id}/cancel`: what it would do.
pub async fn ask(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let (id, now) = (*id, shell.now);
    let (found, unused, groups) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            Ok((found, Ledger::of(conn, id)?.unused(), joined_by::groups(conn, id)?))
        })
        .await?;
    if !may_cancel(found.status(now)) {
        return see_other_with(found.path(), &refused(&found, now));
    }
    show(&CancelPage { shell, name: found.name().to_owned(), path: found.path(), unused, groups })
}

/// `POST /campaigns/{id}/cancel`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act) = (*id, Act::of(&shell));
    let flash = db.write(move |conn| cancel(conn, &act, id)).await?;
    see_other_with(campaign::path(id), &flash)
}

fn cancel(conn: &mut PgConnection, act: &Act, id: CampaignId) -> Result<Flash, AppError> {
    let found = Campaign::lock(conn, id)?;
    if !may_cancel(found.status(act.now)) {
        return Ok(refused(&found, act.now));
    }
    diesel::update(table::table.find(id)).set(table::cancelled_at.eq(act.now)).execute(conn)?;
    let unused = Ledger::of(conn, id)?.unused();
    // nothing goes out from here on; the worker withdraws what does not fit into a request
    closing::withdraw(conn, id, act.now)?;
    act.done(conn, &found, "campaign cancelled")?;
    let told = match unused {
        0 => "There was nothing to withdraw.".to_owned(),
        1 => "1 unused coupon is withdrawn.".to_owned(),
        many => format!("{} unused coupons are withdrawn.", grouped(many)),
    };
    Ok(Flash::success(format!("{} is cancelled. {told}", found.name())))
}

fn may_cancel(status: Status) -> bool {
    matches!(status, Status::Scheduled | Status::Live | Status::Paused)
}

fn refused(found: &Campaign, now: chrono::DateTime<chrono::Utc>) -> Flash {
    Flash::warning(format!("Nothing was changed: the campaign is {}.", found.status(now).label().to_lowercase()))
}
