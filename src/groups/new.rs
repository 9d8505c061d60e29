//! **Add group**.

use askama::Template;
use chrono_tz::Tz;

use super::form::GroupForm;
use super::join_choice::{self, CampaignChoice};
use super::{GroupKind, GroupState, MemberGroup, Trouble};
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::settings::Organisation;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "groups/new.html")]
struct NewPage {
    shell: Shell,
    form: GroupForm,
    errors: FieldErrors,
    campaigns: Vec<CampaignChoice>,
    stop_hint: String,
}

impl NewPage {
    async fn load(db: &Db, shell: Shell, form: GroupForm, errors: FieldErrors) -> Result<Self, AppError> {
        let campaigns = db.read(|conn| -> Result<_, AppError> { Ok(join_choice::free(conn, None)?) }).await?;
        Ok(Self { shell, form, errors, campaigns, stop_hint: String::new() })
    }
}

/// `GET /settings/user-groups/new`
pub async fn new(shell: Shell, db: Db) -> PageResult {
    let form = GroupForm::of_new(shell.organisation.today(shell.now).to_string());
    show(&NewPage::load(&db, shell, form, FieldErrors::new()).await?)
}

/// `POST /settings/user-groups`
pub async fn create(shell: Shell, db: Db, form: Form<GroupForm>) -> PageResult {
    let form = form.typed;
    match save(&db, &shell, &form).await {
        Ok((group, trouble)) => {
            let done = format!("Group added. {}", what_next(&group, &shell.organisation, group.state(shell.now)));
            let flash = trouble.map_or_else(|| Flash::success(&done), |trouble| trouble.flash("Group added."));
            see_other_with(group.path(), &flash)
        }
        Err(SaveError::Rejected(errors)) => rejected(&NewPage::load(&db, shell, form, errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, form: &GroupForm) -> Result<(MemberGroup, Option<Trouble>), SaveError> {
    let zone: Tz = shell.zone();
    let new = form.parse(zone, None)?;
    let (actor, account, now) = (shell.actor(), shell.account.id, shell.now);
    db.write(move |conn| {
        let campaign = join_choice::resolve(conn, &new, None, account, zone, now)?;
        let id = new.insert(conn, campaign, now)?;
        let group = MemberGroup::find(conn, id)?;
        let trouble = Trouble::of(conn, &group, now, zone)?;
        let change = Change { action: "user group added", before: None, after: group.values() };
        audit::append(conn, &actor, now, &group.subject(), &change)?;
        Ok((group, trouble))
    })
    .await
}

fn what_next(group: &MemberGroup, organisation: &Organisation, state: GroupState) -> String {
    match (group.kind(), state) {
        (_, GroupState::Ended) => "Its stop date has passed, so nobody can join.".into(),
        (GroupKind::Hidden, _) => "Add members here or in User support.".into(),
        (_, GroupState::Active) => "Members can join now.".into(),
        (_, GroupState::Upcoming) => format!("Members can join from {}.", organisation.day(group.starts_at)),
    }
}
