//! **Reset password**: asks for a link by e-mail. The answer, and the time it takes, do not tell whether there is such a
//! dashboard user.

use actix_web::HttpRequest;
use actix_web::rt::time::{Instant, sleep_until};
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde::Deserialize;

use super::{Device, tries};
use crate::Muster;
use crate::accounts::notice::Notice;
use crate::accounts::{Credentials, LinkToken};
use crate::members::email::Email;
use crate::openid::identity;
use crate::schema::password_reset;
use crate::web::throttle::Limit;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, VisitorShell, rejected, see_other_with, show};

/// Every answer takes as long, whether there is something to send or not.
const PACE: std::time::Duration = std::time::Duration::from_millis(250);
/// How long the link works.
const LIFE: Duration = Duration::hours(1);

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AskForm {
    email: String,
}

#[derive(Template)]
#[template(path = "sessions/reset_ask.html")]
struct AskPage {
    shell: VisitorShell,
    form: AskForm,
    errors: FieldErrors,
}

/// `GET /password-reset`
pub async fn new(req: HttpRequest) -> PageResult {
    show(&AskPage { shell: VisitorShell::of(&req), form: AskForm::default(), errors: FieldErrors::new() })
}

/// `POST /password-reset`
pub async fn create(req: HttpRequest, muster: Data<Muster>, form: Form<AskForm>) -> PageResult {
    let (form, answer_at) = (form.typed, Instant::now() + PACE);
    let asked = ask(&req, &muster, &form.email).await;
    sleep_until(answer_at).await;
    match asked {
        Ok(()) => {
            let text = "If there is a dashboard user with this address, a link is on its way. It works for an hour.";
            see_other_with("/sign-in", &Flash::success(text))
        }
        Err(SaveError::Rejected(errors)) => rejected(&AskPage { shell: VisitorShell::of(&req), form, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn ask(req: &HttpRequest, muster: &Muster, typed: &str) -> Result<(), SaveError> {
    let email = Email::parse(typed).map_err(|message| FieldErrors::one("email", message))?;
    let (email, address, now) = (email.as_str().to_owned(), Device::of(req).address, muster.clock.now());
    let (organisation, url) = (muster.organisation.get(), muster.config.public_url.clone());
    let only = muster.openid.as_ref().map(|provider| provider.config()).filter(|openid| openid.only);
    let only = only.map(|openid| openid.issuer.as_str().to_owned());
    let email = muster
        .db
        .write(move |conn| -> Result<_, SaveError> {
            tries::RESETS.count(conn, &email, &address, now)?;
            Ok(email)
        })
        .await?;
    muster
        .db
        .write(move |conn| {
            let found = Credentials::find(conn, &email)?.filter(|found| found.password_hash.is_some());
            let found = match (&only, found) {
                // a password that opens nothing is not worth a link
                (Some(issuer), Some(found)) if identity::is_linked(conn, found.id, issuer)? => None,
                (_, found) => found,
            };
            let token = LinkToken::random();
            let notice = Notice::reset(&organisation.name, (&url, &token));
            match found {
                Some(found) => {
                    store(conn, &found, &token, now)?;
                    notice.to(&found.email, now).insert(conn)?;
                }
                None => look_busy(conn, &email, now)?,
            }
            Ok(())
        })
        .await
}

/// A new link replaces the one before.
fn store(conn: &mut PgConnection, found: &Credentials, token: &LinkToken, now: DateTime<Utc>) -> QueryResult<()> {
    let own = password_reset::account_id.eq(found.id);
    diesel::delete(password_reset::table.filter(own.or(password_reset::expires_at.le(now)))).execute(conn)?;
    let values = (
        password_reset::token_hash.eq(token.hash()),
        password_reset::account_id.eq(found.id),
        password_reset::expires_at.eq(now + LIFE),
    );
    diesel::insert_into(password_reset::table).values(values).execute(conn).map(|_| ())
}

/// For an address that is nobody's, as many writes as for one that is somebody's.
fn look_busy(conn: &mut PgConnection, email: &str, now: DateTime<Utc>) -> QueryResult<()> {
    let limit = Limit { tries: 1, window: LIFE };
    diesel::delete(password_reset::table.filter(password_reset::expires_at.le(now))).execute(conn)?;
    for write in ["stored", "sent"] {
        limit.count(conn, &format!("password reset nothing {write} {email}"), now)?;
    }
    Ok(())
}
