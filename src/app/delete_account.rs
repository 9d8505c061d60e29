//! **Delete account**: asked first, then for good.

use actix_session::Session;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};

use crate::audit::{self, Actor, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::erase::erase;
use crate::memberships::Source;
use crate::sessions::SignedInMember;
use crate::sessions::destroy::Empty;
use crate::web::{Flash, Form, MemberShell, PageResult, see_other_with, show};

#[derive(Template)]
#[template(path = "app/delete_account.html")]
struct DeletePage {
    shell: MemberShell,
}

/// `GET /app/profile/delete`
pub async fn new(shell: MemberShell, _: SignedInMember) -> PageResult {
    show(&DeletePage { shell })
}

/// `POST /app/profile/delete`
pub async fn create(
    shell: MemberShell,
    (who, session): (SignedInMember, Session),
    db: Db,
    _: Form<Empty>,
) -> PageResult {
    let (now, id) = (shell.now, who.id);
    db.write(move |conn| -> Result<_, AppError> { Ok(delete(conn, id, now)?) }).await?;
    session.purge();
    see_other_with("/app/sign-in", &Flash::success("Your account is deleted. Nothing of it is kept but numbers."))
}

/// For good.
pub(crate) fn delete(conn: &mut PgConnection, id: MemberId, now: DateTime<Utc>) -> QueryResult<()> {
    erase(conn, id, &Source::App, now)?;
    // the log never forgets, so it is not told who it was
    let subject = Subject::new("member", id, "Deleted member");
    let change = Change { action: "account deleted", before: None, after: None };
    audit::append(conn, &Actor::program("the member, in the app"), now, &subject, &change)
}
