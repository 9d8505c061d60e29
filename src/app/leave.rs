//! The question before a private group is left: coming back needs a code.

use actix_web::web::Path;
use askama::Template;

use super::groups::AppGroup;
use crate::db::Db;
use crate::error::AppError;
use crate::groups::GroupState;
use crate::ids::GroupId;
use crate::sessions::SignedInMember;
use crate::web::{MemberShell, PageResult, see_other, show};

#[derive(Template)]
#[template(path = "app/leave.html")]
struct LeavePage {
    shell: MemberShell,
    group: AppGroup,
}

/// `GET /app/groups/{group}/leave`
pub async fn new(shell: MemberShell, who: SignedInMember, db: Db, group: Path<GroupId>) -> PageResult {
    let (now, group) = (shell.now, group.into_inner());
    let group: AppGroup =
        db.read(move |conn| -> Result<_, AppError> { Ok(AppGroup::find(conn, who.id, group, now)?) }).await?;
    if !group.is_in || group.state(now) != GroupState::Active {
        return see_other("/app/groups");
    }
    show(&LeavePage { shell, group })
}
