//! **End now**: a group's stop becomes this moment.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::group::member_count;
use super::{GroupState, MemberGroup};
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::schema::member_group;
use crate::web::filters::grouped;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "groups/end.html")]
struct EndPage {
    shell: Shell,
    group: MemberGroup,
    members: String,
}

impl EndPage {
    fn action(&self) -> String {
        format!("{}/end", self.group.path())
    }
}

/// `GET /settings/user-groups/{id}/end`
pub async fn new(shell: Shell, db: Db, id: Path<GroupId>) -> PageResult {
    let id = *id;
    let (group, members) = db
        .read(move |conn| -> Result<_, AppError> { Ok((MemberGroup::find(conn, id)?, member_count(conn, id)?)) })
        .await?;
    show(&EndPage { shell, group, members: grouped(members) })
}

/// Nothing but the token.
#[derive(serde::Deserialize)]
pub struct NoFields {}

/// `POST /settings/user-groups/{id}/end`
pub async fn create(shell: Shell, db: Db, id: Path<GroupId>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let (group, ended) = db
        .write(move |conn| -> Result<_, AppError> {
            let before = MemberGroup::lock(conn, id)?;
            if before.state(now) == GroupState::Ended {
                return Ok((before, false));
            }
            // one that never began ends as it begins
            let starts_at = before.starts_at.min(now);
            let after: MemberGroup = diesel::update(member_group::table.find(id))
                .set((member_group::starts_at.eq(starts_at), member_group::stops_at.eq(now)))
                .returning(MemberGroup::as_select())
                .get_result(conn)?;
            let change = Change { action: "user group ended", before: before.values(), after: after.values() };
            audit::append(conn, &actor, now, &after.subject(), &change)?;
            Ok((after, true))
        })
        .await?;
    let flash = if ended {
        Flash::success(format!("{} has ended. The app no longer shows it; who was in it stays on record.", group.name))
    } else {
        Flash::warning(format!("{} had ended already.", group.name))
    };
    see_other_with(group.path(), &flash)
}
