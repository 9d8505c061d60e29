//! **Pause** and **Resume**.

use actix_web::web::Path;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::differences::{Act, Confirmed};
use super::{Campaign, Status, campaign, sending};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::campaign as table;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};

/// `POST /campaigns/{id}/pause`
pub async fn pause(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let act = Act::of(&shell);
    set(&db, *id, act, &[Status::Scheduled, Status::Live], true).await
}

/// `POST /campaigns/{id}/resume`
pub async fn resume(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let act = Act::of(&shell);
    set(&db, *id, act, &[Status::Paused], false).await
}

async fn set(db: &Db, id: CampaignId, act: Act, from: &'static [Status], paused: bool) -> PageResult {
    let flash = db
        .write(move |conn| -> Result<_, AppError> {
            let found = Campaign::lock(conn, id)?;
            let status = found.status(act.now);
            if !from.contains(&status) {
                return Ok(Flash::warning(format!(
                    "Nothing was changed: the campaign is {}.",
                    status.label().to_lowercase()
                )));
            }
            let at: Option<DateTime<Utc>> = paused.then_some(act.now);
            diesel::update(table::table.find(id)).set(table::paused_at.eq(at)).execute(conn)?;
            if !paused {
                let due_at = found.times.starts_at.map_or(act.now, |start| start.max(act.now));
                sending::due(conn, id, due_at)?;
            }
            let (action, told) = if paused {
                ("campaign paused", "is paused. Its coupons stay with members but cannot be used until you resume it.")
            } else {
                ("campaign resumed", "runs again.")
            };
            act.done(conn, &found, action)?;
            Ok(Flash::success(format!("{} {told}", found.name())))
        })
        .await?;
    see_other_with(campaign::path(id), &flash)
}
