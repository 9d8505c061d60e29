//! **Send now**: the answer to a campaign that is held.

use actix_web::web::Path;
use askama::Template;

use super::audience::Audience;
use super::differences::{Act, Confirmed};
use super::sending::{self, Held, Sending};
use super::{Campaign, Channel, campaign};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "campaigns/release.html")]
struct ReleasePage {
    shell: Shell,
    name: String,
    path: String,
    channel: Channel,
    held: Held,
    receivers: i64,
    quiet: Option<String>,
    is_paused: bool,
}

/// `GET /campaigns/{id}/release`: what it would do.
pub async fn ask(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let id = *id;
    let (found, held, receivers) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Campaign::find(conn, id)?;
            let held = Sending::of(conn, id)?.and_then(|row| row.held());
            // asked for once, by someone who decides: exact
            let receivers = if held.is_some() { Audience::of(conn, id)?.reach(conn)?.receivers } else { 0 };
            Ok((found, held, receivers))
        })
        .await?;
    let Some(held) = held else { return see_other_with(campaign::path(id), &not_held(&found)) };
    let has_quiet = found.times.quiet_from.is_some();
    show(&ReleasePage {
        shell,
        name: found.name().to_owned(),
        path: found.path(),
        channel: found.channel(),
        held,
        receivers,
        quiet: has_quiet.then(|| found.times.quiet_words()),
        is_paused: found.paused_at.is_some(),
    })
}

/// `POST /campaigns/{id}/release`
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act) = (*id, Act::of(&shell));
    let flash = db
        .write(move |conn| -> Result<_, AppError> {
            let found = Campaign::lock(conn, id)?;
            let released = sending::release(conn, &act, id)?;
            Ok(match released {
                true if found.paused_at.is_some() => {
                    Flash::success(format!("{} is no longer held. It goes out once you resume it.", found.name()))
                }
                true => Flash::success(format!("{} goes out now.", found.name())),
                false => not_held(&found),
            })
        })
        .await?;
    see_other_with(campaign::path(id), &flash)
}

fn not_held(found: &Campaign) -> Flash {
    Flash::warning(format!("Nothing was changed: {} is not held.", found.name()))
}
