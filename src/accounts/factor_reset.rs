//! Takes a dashboard user's second factor away, when they have lost it.

use actix_web::web::{Data, Path};
use askama::Template;
use uuid::Uuid;

use super::account::{Account, end_sessions};
use super::factor;
use super::notice::Notice;
use crate::Muster;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::sessions::destroy::Empty;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};

#[derive(Template)]
#[template(path = "accounts/factor_reset.html")]
struct ResetPage {
    shell: Shell,
    account: Account,
}

impl ResetPage {
    fn action(&self) -> String {
        format!("{}/second-factor", self.account.path())
    }

    fn heading(&self) -> String {
        format!("Reset the second factor of {}?", self.account.name)
    }
}

/// `GET /settings/dashboard-users/{account}/second-factor`
pub async fn ask(shell: Shell, db: Db, id: Path<Uuid>) -> PageResult {
    let id = *id;
    let account = db.read(move |conn| -> Result<_, AppError> { Ok(Account::find(conn, id)?) }).await?;
    show(&ResetPage { shell, account })
}

/// `POST /settings/dashboard-users/{account}/second-factor`
pub async fn create(shell: Shell, muster: Data<Muster>, id: Path<Uuid>, _: Form<Empty>) -> PageResult {
    let (id, actor, now, organisation) = (*id, shell.actor(), shell.now, shell.organisation.name.clone());
    let me = (id == shell.account.id).then_some(shell.account.session);
    let (account, removed) = muster
        .db
        .write(move |conn| -> Result<_, AppError> {
            let account = Account::lock(conn, id)?;
            if !factor::remove(conn, id)? {
                return Ok((account, false));
            }
            end_sessions(conn, id, me)?;
            let what = format!(
                "{} has removed your second factor. You sign in with your password alone until you add a new one.",
                actor.name
            );
            Notice::changed(&organisation, &what).to(&account.email, now).insert(conn)?;
            let change = Change { action: "second factor reset", before: None, after: None };
            audit::append(conn, &actor, now, &account.subject(), &change)?;
            Ok((account, true))
        })
        .await?;
    let flash = match removed {
        true => Flash::success(format!("{} signs in with the password alone, and was told so.", account.name)),
        false => Flash::warning(format!("{} has no second factor. Nothing was changed.", account.name)),
    };
    see_other_with("/settings/dashboard-users", &flash)
}
