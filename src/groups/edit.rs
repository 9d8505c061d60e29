//! A group's edit page.

use actix_web::web::Path;
use askama::Template;
use chrono_tz::Tz;

use super::form::GroupForm;
use super::group::member_count;
use super::join_choice::{self, CampaignChoice};
use super::{GroupState, MemberGroup, Trouble};
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::web::filters::grouped;
use crate::web::period::is_first_moment;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "groups/edit.html")]
struct EditPage {
    shell: Shell,
    group: MemberGroup,
    form: GroupForm,
    errors: FieldErrors,
    campaigns: Vec<CampaignChoice>,
    stop_hint: String,
}

impl EditPage {
    /// With what was typed, or what is stored.
    async fn load(
        db: &Db,
        shell: Shell,
        id: GroupId,
        typed: Option<GroupForm>,
        errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let (group, campaigns) = db
            .read(move |conn| -> Result<_, AppError> {
                Ok((MemberGroup::find(conn, id)?, join_choice::free(conn, Some(id))?))
            })
            .await?;
        let form = typed.unwrap_or_else(|| GroupForm::of(&group, shell.zone()));
        let in_mid_day = group.stops_at.filter(|stop| !is_first_moment(*stop, shell.zone()));
        let stop_hint = in_mid_day
            .map(|stop| format!("It stops on {}. Choose another day to change that.", shell.organisation.moment(stop)));
        let stop_hint = stop_hint.unwrap_or_default();
        Ok(Self { shell, group, form, errors, campaigns, stop_hint })
    }
}

/// `GET /settings/user-groups/{id}/edit`
pub async fn edit(shell: Shell, db: Db, id: Path<GroupId>) -> PageResult {
    show(&EditPage::load(&db, shell, *id, None, FieldErrors::new()).await?)
}

/// `POST /settings/user-groups/{id}`
pub async fn update(shell: Shell, db: Db, id: Path<GroupId>, form: Form<GroupForm>) -> PageResult {
    let form = form.typed;
    match save(&db, &shell, *id, &form).await {
        Ok(saved) => {
            let done = saved.words(&shell);
            let flash = saved.trouble.map_or_else(|| Flash::success(&done), |trouble| trouble.flash(&done));
            see_other_with(saved.after.path(), &flash)
        }
        Err(SaveError::Rejected(errors)) => rejected(&EditPage::load(&db, shell, *id, Some(form), errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

struct Saved {
    before: MemberGroup,
    after: MemberGroup,
    members: i64,
    trouble: Option<Trouble>,
}

async fn save(db: &Db, shell: &Shell, id: GroupId, form: &GroupForm) -> Result<Saved, SaveError> {
    let (form, zone, now): (GroupForm, Tz, _) = (form.clone(), shell.zone(), shell.now);
    let (actor, account) = (shell.actor(), shell.account.id);
    db.write(move |conn| {
        let before = MemberGroup::lock(conn, id)?;
        let new = form.parse(zone, Some(&before))?;
        let campaign = join_choice::resolve(conn, &new, Some(&before), account, zone, now)?;
        new.update(conn, id, campaign)?;
        let after = MemberGroup::find(conn, id)?;
        let trouble = Trouble::of(conn, &after, now, zone)?;
        let members = member_count(conn, id)?;
        let change = Change { action: "user group changed", before: before.values(), after: after.values() };
        audit::append(conn, &actor, now, &after.subject(), &change)?;
        Ok(Saved { before, after, members, trouble })
    })
    .await
}

impl Saved {
    /// What was done, and what it means for who is in the group and holds its codes.
    fn words(&self, shell: &Shell) -> String {
        let (before, after) = (&self.before, &self.after);
        let mut words = vec!["Changes saved.".to_owned()];
        if self.members > 0 && before.kind() != after.kind() {
            words.push(format!("Who is in it stays in it: {} members.", grouped(self.members)));
        }
        if before.campaign_id.is_some() && before.campaign_id != after.campaign_id {
            words.push("Codes of its former campaign no longer let members in.".into());
        }
        match (before.state(shell.now), after.state(shell.now)) {
            (was, is) if was == is => {}
            (_, GroupState::Upcoming) => {
                let start = shell.organisation.day(after.starts_at);
                words.push(format!("The app shows it from {start}; until then nobody can join."));
            }
            (_, GroupState::Ended) => words.push("It has ended: nobody can join or leave.".into()),
            (_, GroupState::Active) => words.push("It is active now.".into()),
        }
        words.join(" ")
    }
}
