//! Where a step leads once it is saved.

use crate::campaigns::draft::Draft;
use crate::campaigns::steps::Step;
use crate::campaigns::{Campaign, changes};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{FieldErrors, Flash, PageResult, SaveError, Shell, see_other, see_other_with};

/// The draft whose step is opened.
pub async fn load(db: &Db, id: CampaignId) -> Result<Draft, AppError> {
    db.read(move |conn| Ok(Draft::load(conn, id)?)).await
}

/// On to the next step that lacks something, or back to this one with a message. `then` is the pressed button's value.
pub fn go_on(shell: &Shell, draft: &Draft, step: Step, then: &str) -> PageResult {
    let id = draft.campaign.id;
    if draft.campaign.published_at.is_some() {
        return see_other_with(step.path(id), &Flash::success("Changes saved."));
    }
    match then {
        "stay" => see_other_with(step.path(id), &Flash::success("Draft saved. You can go on with it at any time.")),
        _ => see_other(draft.next_step(step, shell.now).path(id)),
    }
}

/// Refuses what was typed, if anything is wrong with it or the campaign changes no more.
pub fn check(campaign: &Campaign, first_field: &str, errors: FieldErrors) -> Result<(), SaveError> {
    let cancelled = changes::cancelled(campaign, first_field);
    let errors = if cancelled.is_empty() { errors } else { cancelled };
    if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
}
