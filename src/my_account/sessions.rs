//! Signs out one of one's sessions, or all but this one.

use actix_web::web::Path;
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::accounts::account::end_sessions;
use crate::audit::{self, Actor, Change, Subject};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::session;
use crate::sessions::SignedIn;
use crate::sessions::destroy::Empty;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};

/// `POST /my-account/sessions/{session}/end`
pub async fn end(shell: Shell, db: Db, id: Path<Uuid>, _: Form<Empty>) -> PageResult {
    let (id, who, actor, now) = (*id, shell.account.clone(), shell.actor(), shell.now);
    db.write(move |conn| -> Result<_, AppError> {
        // another's session is not found
        let own = session::table.filter(session::account_id.eq(who.id).and(session::id.eq(id)));
        match diesel::delete(own).execute(conn)? {
            0 => Err(AppError::NotFound),
            ended => Ok(note(conn, &who, &actor, ended, now)?),
        }
    })
    .await?;
    see_other_with("/my-account", &Flash::success("The session is signed out."))
}

/// `POST /my-account/sessions/end-others`
pub async fn end_others(shell: Shell, db: Db, _: Form<Empty>) -> PageResult {
    let (who, actor, now) = (shell.account.clone(), shell.actor(), shell.now);
    let ended = db
        .write(move |conn| -> Result<_, AppError> {
            let ended = end_sessions(conn, who.id, Some(who.session))?;
            note(conn, &who, &actor, ended, now)?;
            Ok(ended)
        })
        .await?;
    let flash = match ended {
        0 => Flash::warning("There was no other session."),
        1 => Flash::success("One other session is signed out."),
        n => Flash::success(format!("{n} other sessions are signed out.")),
    };
    see_other_with("/my-account", &flash)
}

fn note(
    conn: &mut PgConnection,
    who: &SignedIn,
    actor: &Actor,
    ended: usize,
    now: chrono::DateTime<chrono::Utc>,
) -> QueryResult<()> {
    if ended == 0 {
        return Ok(());
    }
    let subject = Subject::new("account", who.id, who.email.clone());
    let change = Change { action: "sessions ended", before: None, after: Some(json!({ "sessions": ended })) };
    audit::append(conn, actor, now, &subject, &change)
}
