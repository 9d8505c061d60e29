//! A draft that is not wanted any more.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::differences::{Act, Confirmed};
use super::{Campaign, Status, campaign, joined_by, picture};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::{campaign as table, code, code_batch, code_import};
use crate::web::{Flash, Form, PageResult, SaveError, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "campaigns/delete.html")]
struct DeletePage {
    shell: Shell,
    name: String,
    path: String,
}

/// `GET /campaigns/{id}/delete`
pub async fn ask(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let id = *id;
    let found = db.read(move |conn| -> Result<_, AppError> { Ok(Campaign::find(conn, id)?) }).await?;
    if found.status(shell.now) != Status::Draft {
        return see_other_with(found.path(), &not_a_draft());
    }
    show(&DeletePage { shell, name: found.name().to_owned(), path: found.path() })
}

/// `POST /campaigns/{id}/delete`
pub async fn destroy(shell: Shell, db: Db, id: Path<CampaignId>, _: Form<Confirmed>) -> PageResult {
    let (id, act) = (*id, Act::of(&shell));
    match db.write(move |conn| delete(conn, &act, id)).await {
        Ok(Some(name)) => see_other_with("/campaigns", &Flash::success(format!("The draft {name} is deleted."))),
        Ok(None) => see_other_with(campaign::path(id), &not_a_draft()),
        Err(SaveError::Rejected(_)) => {
            let names = db.read(move |conn| -> Result<_, AppError> { Ok(joined_by::names(conn, id)?) }).await?;
            let told = format!(
                "Members are to join “{}” by this draft’s codes. Give the group another campaign first.",
                names.join("”, “")
            );
            see_other_with(campaign::path(id), &Flash::danger(told))
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// Its name; none: it is a draft no more.
fn delete(conn: &mut PgConnection, act: &Act, id: CampaignId) -> Result<Option<String>, SaveError> {
    let found = Campaign::lock(conn, id)?;
    if found.status(act.now) != Status::Draft {
        return Ok(None);
    }
    take_codes(conn, id)?;
    diesel::delete(table::table.find(id)).execute(conn).map_err(|error| {
        SaveError::from_constraint(error, &[("member_group_campaign_in_app_fkey", "campaign", "A group joins by it")])
    })?;
    if let Some(shown) = found.content.picture_id {
        picture::remove_unused(conn, shown)?;
    }
    act.done(conn, &found, "campaign draft deleted")?;
    Ok(Some(found.name().to_owned()))
}

/// Codes that were imported for it.
fn take_codes(conn: &mut PgConnection, id: CampaignId) -> QueryResult<()> {
    diesel::delete(code::table.filter(code::campaign_id.eq(id))).execute(conn)?;
    diesel::delete(code_import::table.filter(code_import::campaign_id.eq(id))).execute(conn)?;
    diesel::delete(code_batch::table.filter(code_batch::campaign_id.eq(id))).execute(conn).map(|_| ())
}

fn not_a_draft() -> Flash {
    Flash::warning("Only drafts can be deleted. A published campaign can be cancelled or ended.")
}
