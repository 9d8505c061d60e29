//! Keeps a dashboard user from signing in, and lets them again.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use uuid::Uuid;

use super::account::{Account, end_sessions};
use super::edit::LAST_ADMIN;
use crate::audit::{self, Actor, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::account;
use crate::sessions::destroy::Empty;
use crate::web::{Flash, Form, PageResult, SaveError, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "accounts/disable.html")]
struct DisablePage {
    shell: Shell,
    account: Account,
}

impl DisablePage {
    fn action(&self) -> String {
        format!("{}/disable", self.account.path())
    }

    fn heading(&self) -> String {
        format!("Disable {}?", self.account.name)
    }
}

/// `GET /settings/dashboard-users/{account}/disable`
pub async fn ask(shell: Shell, db: Db, id: Path<Uuid>) -> PageResult {
    let id = *id;
    let account = db.read(move |conn| -> Result<_, AppError> { Ok(Account::find(conn, id)?) }).await?;
    show(&DisablePage { shell, account })
}

/// `POST /settings/dashboard-users/{account}/disable`
pub async fn create(shell: Shell, db: Db, id: Path<Uuid>, _: Form<Empty>) -> PageResult {
    if *id == shell.account.id {
        let flash = Flash::danger("You cannot disable yourself. Ask another Admin.");
        return see_other_with("/settings/dashboard-users", &flash);
    }
    set(shell, db, *id, true).await
}

/// `POST /settings/dashboard-users/{account}/enable`
pub async fn destroy(shell: Shell, db: Db, id: Path<Uuid>, _: Form<Empty>) -> PageResult {
    set(shell, db, *id, false).await
}

async fn set(shell: Shell, db: Db, id: Uuid, disabled: bool) -> PageResult {
    let (actor, now) = (shell.actor(), shell.now);
    let saved = db.write(move |conn| save(conn, id, disabled, &actor, now)).await;
    let flash = match saved {
        Ok((name, true)) if disabled => Flash::success(format!("{name} can no longer sign in.")),
        Ok((name, true)) => Flash::success(format!("{name} can sign in again.")),
        Ok((name, false)) => Flash::warning(format!("{name} was so already. Nothing was changed.")),
        Err(SaveError::Rejected(_)) => Flash::danger(format!("{LAST_ADMIN}.")),
        Err(SaveError::Failed(error)) => return Err(error),
    };
    see_other_with("/settings/dashboard-users", &flash)
}

fn save(
    conn: &mut PgConnection,
    id: Uuid,
    disabled: bool,
    actor: &Actor,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(String, bool), SaveError> {
    let before = Account::lock(conn, id)?;
    if before.disabled_at.is_some() == disabled {
        return Ok((before.name, false));
    }
    let at = disabled.then_some(now);
    let updated = diesel::update(account::table.find(id)).set(account::disabled_at.eq(at));
    let rule = [("account_last_admin_check", "role", LAST_ADMIN)];
    let after = updated.returning(Account::as_returning()).get_result(conn);
    let after = after.map_err(|error| SaveError::from_constraint(error, &rule))?;
    if disabled {
        end_sessions(conn, id, None)?;
    }
    let action = if disabled { "dashboard user disabled" } else { "dashboard user enabled" };
    let change = Change { action, before: Some(before.values()), after: Some(after.values()) };
    audit::append(conn, actor, now, &after.subject(), &change)?;
    Ok((after.name, true))
}
