//! Sends an invitation again: a new link, the old one works no more.

use actix_web::web::{Data, Path};
use uuid::Uuid;

use super::invitation::Invitation;
use super::link_token::LinkToken;
use crate::Muster;
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::sessions::destroy::Empty;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};

/// `POST /settings/dashboard-users/invitations/{invitation}/again`
pub async fn create(shell: Shell, muster: Data<Muster>, id: Path<Uuid>, _: Form<Empty>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let (organisation, url) = (shell.organisation.name.clone(), muster.config.public_url.clone());
    let invitation = muster
        .db
        .write(move |conn| -> Result<_, AppError> {
            let token = LinkToken::random();
            let invitation = Invitation::renew(conn, id, &token, now)?;
            invitation.send(conn, (&organisation, &url), &token, now)?;
            let change = Change { action: "invitation sent again", before: None, after: Some(invitation.values()) };
            audit::append(conn, &actor, now, &invitation.subject(), &change)?;
            Ok(invitation)
        })
        .await?;
    let text =
        format!("A new link went to {}. It works for 72 hours; the one before no longer works.", invitation.email);
    see_other_with("/settings/dashboard-users", &Flash::success(text))
}
