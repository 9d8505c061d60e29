//! A member at a glance, at `/user-support/{member}`.

use actix_web::web::Path;
use askama::Template;

use super::card::{Card, SHOWN};
use crate::db::Db;
use crate::error::AppError;
use crate::groups::kind::{GroupKind, GroupState};
use crate::ids::MemberId;
use crate::web::filters;
use crate::web::{PageResult, Shell, show as page};

#[derive(Template)]
#[template(path = "support/show.html")]
struct ShowPage {
    shell: Shell,
    card: Card,
}

/// `GET /user-support/{member}`
pub async fn show(shell: Shell, db: Db, member: Path<MemberId>) -> PageResult {
    let (id, now) = (member.into_inner(), shell.now);
    let card = db.read(move |conn| -> Result<_, AppError> { Card::load(conn, id, now) }).await?;
    page(&ShowPage { shell, card })
}

impl ShowPage {
    fn has_more_content(&self) -> bool {
        self.card.content_count > SHOWN
    }
}

/// The sign of a kind of group.
pub fn icon(kind: &GroupKind) -> &'static str {
    match kind {
        GroupKind::Public => "world",
        GroupKind::Private => "lock",
        GroupKind::Hidden => "eye-off",
    }
}

/// The tone of a group's state.
pub fn tone(state: &GroupState) -> &'static str {
    match state {
        GroupState::Upcoming => "info",
        GroupState::Active => "good",
        GroupState::Ended => "quiet",
    }
}
