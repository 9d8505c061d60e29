//! Sets a new password by a link that was sent: once, within the hour. All sessions end.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path, block};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::{Device, tries};
use crate::Muster;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::accounts::password::Password;
use crate::accounts::strength::Strength;
use crate::accounts::{Credentials, LinkToken};
use crate::audit::{self, Change, Subject};
use crate::error::AppError;
use crate::schema::{account, password_reset};
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, VisitorShell, gone, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ResetForm {
    password: String,
}

#[derive(Template)]
#[template(path = "sessions/reset.html")]
struct ResetPage {
    shell: VisitorShell,
    /// None: the link works no more.
    email: Option<String>,
    errors: FieldErrors,
}

impl ResetPage {
    fn over(req: &HttpRequest) -> Self {
        Self { shell: VisitorShell::of(req), email: None, errors: FieldErrors::new() }
    }
}

/// `GET /password-reset/{token}`
pub async fn edit(req: HttpRequest, muster: Data<Muster>, token: Path<String>) -> PageResult {
    let Some(found) = find(&muster, &token).await? else { return gone(&ResetPage::over(&req)) };
    show(&ResetPage { email: Some(found.email), ..ResetPage::over(&req) })
}

/// `POST /password-reset/{token}`
pub async fn update(req: HttpRequest, muster: Data<Muster>, token: Path<String>, form: Form<ResetForm>) -> PageResult {
    let Some(found) = find(&muster, &token).await? else { return gone(&ResetPage::over(&req)) };
    let email = Some(found.email.clone());
    match save(&muster, Device::of(&req).address, &token, found, &form.typed.password).await {
        Ok(true) => {
            let strength = Strength::of(&form.typed.password).words();
            let text = format!("Your password is set. {strength} Sign in with it; all other sessions have ended.");
            see_other_with("/sign-in", &Flash::success(text))
        }
        Ok(false) => gone(&ResetPage::over(&req)),
        Err(SaveError::Rejected(errors)) => rejected(&ResetPage { email, errors, ..ResetPage::over(&req) }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// Whose link this is, while it works.
async fn find(muster: &Muster, token: &str) -> Result<Option<Credentials>, AppError> {
    let Some(token) = LinkToken::read(token) else { return Ok(None) };
    let now = muster.clock.now();
    muster
        .db
        .read(move |conn| match owner(conn, &token, now)? {
            Some(id) => Ok(Credentials::of(conn, id)?),
            None => Ok(None),
        })
        .await
}

fn owner(conn: &mut PgConnection, token: &LinkToken, now: DateTime<Utc>) -> QueryResult<Option<Uuid>> {
    password_reset::table
        .find(token.hash())
        .filter(password_reset::expires_at.gt(now))
        .select(password_reset::account_id)
        .first(conn)
        .optional()
}

/// False: the link was used meanwhile.
async fn save(
    muster: &Muster,
    address: String,
    token: &str,
    found: Credentials,
    typed: &str,
) -> Result<bool, SaveError> {
    let Some(token) = LinkToken::read(token) else { return Ok(false) };
    let password = Password::choose(typed, &[&found.email, &found.name]);
    let password = password.map_err(|message| FieldErrors::one("password", message))?;
    let (cost, now, organisation) = (muster.config.hash_cost, muster.clock.now(), muster.organisation.get());
    let hash = block(move || cost.hash(&password)).await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    muster
        .db
        .write(move |conn| {
            // the account before its links, as everyone takes them who ends sessions
            if !found.hold(conn)? {
                return Ok(false);
            }
            // whoever comes with the same link finds it gone
            let used = password_reset::table.find(token.hash()).filter(password_reset::expires_at.gt(now));
            if diesel::delete(used).execute(conn)? == 0 {
                return Ok(false);
            }
            diesel::update(account::table.find(found.id)).set(account::password_hash.eq(hash)).execute(conn)?;
            end_sessions(conn, found.id, None)?;
            tries::PASSWORDS.forget(conn, &found.email)?;
            let what = "Your password was reset by a link sent to this address. All sessions have ended.";
            Notice::changed(&organisation.name, what).to(&found.email, now).insert(conn)?;
            let subject = Subject::new("account", found.id, found.email.clone());
            let change = Change { action: "password reset", before: None, after: None };
            audit::append(conn, &found.signed_in().actor().from(&address), now, &subject, &change)?;
            Ok(true)
        })
        .await
}
