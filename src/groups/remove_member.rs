//! A dashboard user takes a member out of a group, after being asked.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::MemberGroup;
use super::add_member::by;
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{GroupId, MemberId};
use crate::members::member::support_path;
use crate::memberships::{self, membership};
use crate::schema::member;
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RemoveForm {
    reason: String,
}

#[derive(Template)]
#[template(path = "groups/remove_member.html")]
struct RemovePage {
    shell: Shell,
    group: MemberGroup,
    member: (MemberId, String),
    form: RemoveForm,
    errors: FieldErrors,
}

impl RemovePage {
    async fn load(
        db: &Db,
        shell: Shell,
        at: (GroupId, MemberId),
        form: RemoveForm,
        errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let (group, member) = db
            .read(move |conn| -> Result<_, AppError> { Ok((MemberGroup::find(conn, at.0)?, named(conn, at.1)?)) })
            .await?;
        Ok(Self { shell, group, member, form, errors })
    }

    fn action(&self) -> String {
        format!("{}/members/{}/removal", self.group.path(), self.member.0)
    }
}

/// `GET /settings/user-groups/{id}/members/{member}/removal`
pub async fn new(shell: Shell, db: Db, at: Path<(GroupId, MemberId)>) -> PageResult {
    let at = at.into_inner();
    show(&RemovePage::load(&db, shell, at, RemoveForm::default(), FieldErrors::new()).await?)
}

/// `POST /settings/user-groups/{id}/members/{member}/removal`
pub async fn create(shell: Shell, db: Db, at: Path<(GroupId, MemberId)>, form: Form<RemoveForm>) -> PageResult {
    let (at, form) = (at.into_inner(), form.typed);
    match save(&db, &shell, at, &form).await {
        Ok((group, flash)) => see_other_with(format!("{}#members", group.path()), &flash),
        Err(SaveError::Rejected(errors)) => rejected(&RemovePage::load(&db, shell, at, form, errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(
    db: &Db,
    shell: &Shell,
    (id, member): (GroupId, MemberId),
    form: &RemoveForm,
) -> Result<(MemberGroup, Flash), SaveError> {
    let mut errors = FieldErrors::new();
    let Some(reason) = errors.take("reason", Line::parse(&form.reason, 200)) else {
        return Err(errors.into());
    };
    let (shell, now) = (shell.clone(), shell.now);
    db.write(move |conn| {
        let group = MemberGroup::find(conn, id)?;
        membership::lock_member(conn, member)?;
        let (_, name) = named(conn, member)?;
        if memberships::leave(conn, member, &[id], &by(&shell, reason.clone()), now)?.is_empty() {
            let text = format!("Nothing was changed: {name} is not in {}, or the group has ended.", group.name);
            return Ok((group, Flash::warning(text)));
        }
        let after = json!({ "group": group.name, "group_id": id, "reason": reason });
        let change = Change { action: "removed from user group", before: None, after: Some(after) };
        audit::append(conn, &shell.actor(), now, &Subject::new("member", member, name.clone()), &change)?;
        let flash = Flash::success(format!("{name} is no longer in {}.", group.name));
        Ok((group, flash.with_link("Open the member", support_path(member))))
    })
    .await
}

fn named(conn: &mut PgConnection, id: MemberId) -> QueryResult<(MemberId, String)> {
    member::table.find(id).select((member::id, member::name)).first(conn)
}
