//! Blocks a member, and lifts the block, at `/user-support/{member}/block` and `/user-support/{member}/unblock`.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::Member;
use crate::schema::member;
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct BlockForm {
    #[serde(default)]
    reason: String,
}

#[derive(Template)]
#[template(path = "support/block.html")]
struct BlockPage {
    shell: Shell,
    member: Member,
    block: bool,
    form: BlockForm,
    errors: FieldErrors,
}

/// `GET /user-support/{member}/block`
pub async fn new(shell: Shell, db: Db, member: Path<MemberId>) -> PageResult {
    ask(shell, db, member.into_inner(), true).await
}

/// `POST /user-support/{member}/block`
pub async fn create(shell: Shell, db: Db, member: Path<MemberId>, form: Form<BlockForm>) -> PageResult {
    answer(shell, db, member.into_inner(), form.typed, true).await
}

/// `GET /user-support/{member}/unblock`
pub async fn edit(shell: Shell, db: Db, member: Path<MemberId>) -> PageResult {
    ask(shell, db, member.into_inner(), false).await
}

/// `POST /user-support/{member}/unblock`
pub async fn destroy(shell: Shell, db: Db, member: Path<MemberId>, form: Form<BlockForm>) -> PageResult {
    answer(shell, db, member.into_inner(), form.typed, false).await
}

async fn ask(shell: Shell, db: Db, id: MemberId, block: bool) -> PageResult {
    let member = db.read(move |conn| -> Result<_, AppError> { Ok(Member::find(conn, id)?) }).await?;
    show(&BlockPage { shell, member, block, form: BlockForm::default(), errors: FieldErrors::new() })
}

async fn answer(shell: Shell, db: Db, id: MemberId, form: BlockForm, block: bool) -> PageResult {
    match save(&db, &shell, id, &form, block).await {
        Ok(flash) => see_other_with(format!("/user-support/{id}"), &flash),
        Err(SaveError::Rejected(errors)) => {
            let member = db.read(move |conn| -> Result<_, AppError> { Ok(Member::find(conn, id)?) }).await?;
            rejected(&BlockPage { shell, member, block, form, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, id: MemberId, form: &BlockForm, block: bool) -> Result<Flash, SaveError> {
    let instruction = if block { "Enter why the member is blocked" } else { "Enter why the block is lifted" };
    let reason = Line::required(&form.reason, 200, instruction).map_err(|error| FieldErrors::one("reason", error))?;
    let (actor, now) = (shell.actor(), shell.now);
    db.write(move |conn| {
        // the condition decides: pressed twice, or by two agents at once, it happens once
        let mark = (member::blocked_at.eq(block.then_some(now)), member::blocked_reason.eq(block.then_some(&reason)));
        let changed = match block {
            true => {
                diesel::update(member::table.find(id).filter(member::blocked_at.is_null())).set(mark).execute(conn)?
            }
            false => diesel::update(member::table.find(id).filter(member::blocked_at.is_not_null()))
                .set(mark)
                .execute(conn)?,
        };
        let member = Member::find(conn, id)?;
        if changed == 0 {
            let already = if block { "is already blocked" } else { "is not blocked" };
            return Ok(Flash::warning(format!("{} {already}. Nothing was changed.", member.name)));
        }
        let action = if block { "member blocked" } else { "member unblocked" };
        let after = Some(json!({ "blocked": block, "reason": reason }));
        let change = Change { action, before: Some(json!({ "blocked": !block })), after };
        audit::append(conn, &actor, now, &Subject::new("member", id, member.name.clone()), &change)?;
        let done = if block { "is blocked" } else { "is no longer blocked" };
        Ok(Flash::success(format!("{} {done}.", member.name)))
    })
    .await
}
