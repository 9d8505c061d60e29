//! Withdraws an invitation, after being asked.

use actix_web::web::Path;
use askama::Template;
use uuid::Uuid;

use super::invitation::Invitation;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::sessions::destroy::Empty;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "accounts/invitation_withdraw.html")]
struct WithdrawPage {
    shell: Shell,
    invitation: Invitation,
}

impl WithdrawPage {
    fn action(&self) -> String {
        format!("{}/withdraw", self.invitation.path())
    }
}

/// `GET /settings/dashboard-users/invitations/{invitation}/withdraw`
pub async fn ask(shell: Shell, db: Db, id: Path<Uuid>) -> PageResult {
    let id = *id;
    let invitation = db.read(move |conn| -> Result<_, AppError> { Ok(Invitation::find(conn, id)?) }).await?;
    show(&WithdrawPage { shell, invitation })
}

/// `POST /settings/dashboard-users/invitations/{invitation}/withdraw`
pub async fn create(shell: Shell, db: Db, id: Path<Uuid>, _: Form<Empty>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let withdrawn = db
        .write(move |conn| -> Result<_, AppError> {
            let invitation = Invitation::withdraw(conn, id)?.ok_or(AppError::NotFound)?;
            let change = Change { action: "invitation withdrawn", before: Some(invitation.values()), after: None };
            audit::append(conn, &actor, now, &invitation.subject(), &change)?;
            Ok(invitation)
        })
        .await?;
    let text = format!("The invitation of {} is withdrawn.", withdrawn.name);
    see_other_with("/settings/dashboard-users", &Flash::success(text))
}
