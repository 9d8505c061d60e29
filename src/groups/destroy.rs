//! A group that no published campaign uses is deleted, after being asked.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;
use serde_json::json;

use super::MemberGroup;
use super::end::NoFields;
use super::group::member_count;
use super::uses::{self, Use};
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::GroupId;
use crate::schema::member_group;
use crate::web::filters::grouped;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "groups/destroy.html")]
struct DestroyPage {
    shell: Shell,
    group: MemberGroup,
    members: i64,
    uses: Vec<Use>,
}

impl DestroyPage {
    fn action(&self) -> String {
        format!("{}/delete", self.group.path())
    }

    fn published(&self) -> Vec<&Use> {
        self.uses.iter().filter(|campaign| campaign.is_published()).collect()
    }

    fn drafts(&self) -> Vec<&Use> {
        self.uses.iter().filter(|campaign| !campaign.is_published()).collect()
    }

    fn is_ended(&self) -> bool {
        self.group.state(self.shell.now) == super::GroupState::Ended
    }

    fn counted(&self) -> String {
        match self.members {
            0 => "It has no members.".into(),
            1 => "It has 1 member. Who was in it and when is deleted with it.".into(),
            n => format!("It has {} members. Who was in it and when is deleted with it.", grouped(n)),
        }
    }
}

/// `GET /settings/user-groups/{id}/delete`
pub async fn new(shell: Shell, db: Db, id: Path<GroupId>) -> PageResult {
    let id = *id;
    let (group, members, uses) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            Ok((MemberGroup::find(conn, id)?, member_count(conn, id)?, uses::of(conn, id)?))
        })
        .await?;
    show(&DestroyPage { shell, group, members, uses })
}

/// `POST /settings/user-groups/{id}/delete`
pub async fn create(shell: Shell, db: Db, id: Path<GroupId>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let (group, deleted) = db
        .write(move |conn| -> Result<_, AppError> {
            let group = lock(conn, id)?;
            if uses::of(conn, id)?.iter().any(Use::is_published) {
                return Ok((group, false));
            }
            let members = member_count(conn, id)?;
            sql_query("DELETE FROM campaign_group WHERE group_id = $1").bind::<BigInt, _>(id).execute(conn)?;
            diesel::delete(member_group::table.find(id)).execute(conn)?;
            let change = Change {
                action: "user group deleted",
                before: group.values(),
                after: Some(json!({ "members": members })),
            };
            audit::append(conn, &actor, now, &group.subject(), &change)?;
            Ok((group, true))
        })
        .await?;
    if deleted {
        let flash = Flash::success(format!("{} was deleted.", group.name));
        return see_other_with("/settings/user-groups", &flash);
    }
    let text = format!("{} was not deleted: a published campaign uses it. End it instead.", group.name);
    see_other_with(group.path(), &Flash::danger(text).with_link("End now", format!("{}/end", group.path())))
}

/// No campaign begins to use the group, and none that uses it is published, until the transaction ends.
fn lock(conn: &mut PgConnection, id: GroupId) -> QueryResult<MemberGroup> {
    let group = member_group::table.find(id).select(MemberGroup::as_select()).for_update().first(conn)?;
    sql_query(
        "SELECT id FROM campaign
         WHERE id IN (SELECT campaign_id FROM campaign_group WHERE group_id = $1
                      UNION ALL SELECT campaign_id FROM member_group WHERE id = $1)
         ORDER BY id FOR NO KEY UPDATE",
    )
    .bind::<BigInt, _>(id)
    .execute(conn)?;
    Ok(group)
}
