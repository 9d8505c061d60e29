//! The field **User groups**: which groups a member is in, changed by staff, at `/user-support/{member}/user-groups`.

use std::collections::BTreeSet;

use actix_web::web::Path;
use askama::Template;
use serde::Deserialize;
use serde_json::json;

use super::choice::Choice;
use super::told::{Outcome, tell};
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{GroupId, MemberId};
use crate::members::Member;
use crate::memberships::{self, Source};
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GroupsForm {
    /// Groups that were ticked when the form was made.
    #[serde(default)]
    shown: Vec<String>,
    /// Groups that are ticked now.
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "support/groups.html")]
struct GroupsPage {
    shell: Shell,
    member: Member,
    choices: Vec<Choice>,
    form: GroupsForm,
    errors: FieldErrors,
}

/// `GET /user-support/{member}/user-groups`
pub async fn edit(shell: Shell, db: Db, member: Path<MemberId>) -> PageResult {
    let (member, choices) = load(&db, &shell, member.into_inner()).await?;
    let shown: Vec<String> = choices.iter().filter(|choice| choice.ticked).map(Choice::id).collect();
    let form = GroupsForm { groups: shown.clone(), shown, reason: String::new() };
    show(&GroupsPage { shell, member, choices, form, errors: FieldErrors::new() })
}

/// `POST /user-support/{member}/user-groups`
pub async fn update(shell: Shell, db: Db, member: Path<MemberId>, form: Form<GroupsForm>) -> PageResult {
    let id = member.into_inner();
    match save(&db, &shell, id, &form.typed).await {
        Ok(flash) => see_other_with(format!("/user-support/{id}"), &flash),
        Err(SaveError::Rejected(errors)) => {
            let (member, mut choices) = load(&db, &shell, id).await?;
            Choice::tick(&mut choices, &form.typed.groups);
            rejected(&GroupsPage { shell, member, choices, form: form.typed, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(db: &Db, shell: &Shell, id: MemberId) -> Result<(Member, Vec<Choice>), AppError> {
    let now = shell.now;
    db.read(move |conn| Ok((Member::find(conn, id)?, Choice::load(conn, id, now)?))).await
}

/// What the agent asks for.
struct Wish {
    shown: BTreeSet<GroupId>,
    ticked: BTreeSet<GroupId>,
    reason: Option<String>,
}

fn parse(form: &GroupsForm) -> Result<Wish, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut ids = |typed: &[String]| -> BTreeSet<GroupId> {
        let ids: Result<_, _> = typed.iter().map(|id| id.parse().map_err(|_| "Tick groups of this list")).collect();
        errors.take("groups", ids).unwrap_or_default()
    };
    let (shown, ticked) = (ids(&form.shown), ids(&form.groups));
    match errors.take("reason", Line::parse(&form.reason, 200)) {
        Some(reason) if errors.is_empty() => Ok(Wish { shown, ticked, reason }),
        _ => Err(errors),
    }
}

async fn save(db: &Db, shell: &Shell, id: MemberId, form: &GroupsForm) -> Result<Flash, SaveError> {
    let wish = parse(form)?;
    let (actor, now) = (shell.actor(), shell.now);
    let source = Source::Support {
        account_id: shell.account.id,
        account_name: shell.account.name.clone(),
        reason: wish.reason.clone(),
    };
    db.write(move |conn| {
        let revision = memberships::revise(conn, id, &wish.shown, &wish.ticked, &source, now)?;
        let outcome = Outcome::load(conn, id, revision, &wish.shown, &wish.ticked, now)?;
        if outcome.names_unknown_groups() {
            return Err(FieldErrors::one("groups", "Tick groups of this list").into());
        }
        if outcome.changed() {
            let subject = Subject::new("member", id, outcome.member.clone());
            let before = Some(json!({ "user_groups": outcome.before() }));
            let after = Some(json!({ "user_groups": outcome.after(), "reason": wish.reason }));
            audit::append(conn, &actor, now, &subject, &Change { action: "user groups changed", before, after })?;
        }
        Ok(tell(&outcome))
    })
    .await
}
