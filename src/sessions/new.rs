//! **Sign in** with e-mail and password.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Query, block};
use askama::Template;
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use super::SignedIn;
use crate::accounts::{Credentials, password};
use crate::audit::{self, Change, Subject};
use crate::error::AppError;
use crate::serve::Muster;
use crate::web::throttle::Limit;
use crate::web::{Address, FieldErrors, Form, PageResult, SaveError, VisitorShell, rejected, see_other, show};

/// Wrong passwords for one e-mail, from anywhere.
const PER_EMAIL: Limit = Limit { tries: 10, window: Duration::minutes(15) };
/// Wrong passwords from one address, for any e-mail.
const PER_ADDRESS: Limit = Limit { tries: 50, window: Duration::minutes(15) };

/// As typed.
#[derive(Debug, Default, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// Where to go after signing in.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "sessions/new.html")]
struct NewPage {
    shell: VisitorShell,
    form: SignInForm,
    errors: FieldErrors,
}

/// `GET /sign-in`
pub async fn new(req: HttpRequest, session: Session, next: Query<Next>) -> PageResult {
    if SignedIn::of(&session).is_some() {
        return see_other(safe_path(&next.next));
    }
    let form = SignInForm { next: next.into_inner().next, ..SignInForm::default() };
    show(&NewPage { shell: VisitorShell::of(&req), form, errors: FieldErrors::new() })
}

/// `POST /sign-in`
pub async fn create(
    req: HttpRequest,
    muster: Data<Muster>,
    session: Session,
    address: Address,
    form: Form<SignInForm>,
) -> PageResult {
    let form = form.typed;
    match sign_in(&muster, &form, address).await {
        Ok(account) => {
            account.begin(&session)?;
            see_other(safe_path(&form.next))
        }
        Err(SaveError::Rejected(errors)) => rejected(&NewPage { shell: VisitorShell::of(&req), form, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn sign_in(muster: &Muster, form: &SignInForm, Address(address): Address) -> Result<SignedIn, SaveError> {
    let (email, typed, now) = (form.email.trim().to_lowercase(), form.password.clone(), muster.clock.now());
    let mut errors = FieldErrors::new();
    if email.is_empty() {
        errors.add("email", "Enter your e-mail address");
    }
    if typed.is_empty() {
        errors.add("password", "Enter your password");
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let keys = Keys {
        email: format!("sign-in {}", email.chars().take(254).collect::<String>()),
        address: format!("sign-in {address}"),
    };
    // counted in its own transaction, before the slow part: parallel guesses cannot slip through
    let keys = muster.db.write(move |conn| -> Result<_, SaveError> { keys.count(conn, now).map(|()| keys) }).await?;
    let found = muster.db.read(move |conn| -> Result<_, SaveError> { Ok(Credentials::find(conn, &email)?) }).await?;
    let found = right_password(typed, found).await?;
    muster
        .db
        .write(move |conn| {
            keys.forget(conn)?;
            let account = SignedIn::new(found.id, found.name, found.email, &found.role);
            let subject = Subject::new("account", account.id, account.email.clone());
            let change = Change { action: "signed in", before: None, after: None };
            audit::append(conn, &account.actor().from(&address), now, &subject, &change)?;
            Ok(account)
        })
        .await
}

/// Slow on purpose, so it holds no connection meanwhile; as slow for an unknown e-mail.
async fn right_password(typed: String, found: Option<Credentials>) -> Result<Credentials, SaveError> {
    let right = block(move || match found {
        Some(found) => password::verify(&typed, &found.password_hash).then_some(found),
        None => {
            password::verify_none(&typed);
            None
        }
    });
    let wrong = || FieldErrors::one("email", "E-mail or password is wrong. Check both and try again.");
    Ok(right.await.map_err(AppError::internal)?.ok_or_else(wrong)?)
}

struct Keys {
    email: String,
    address: String,
}

impl Keys {
    fn count(&self, conn: &mut diesel::PgConnection, now: DateTime<Utc>) -> Result<(), SaveError> {
        for (limit, key) in [(PER_EMAIL, &self.email), (PER_ADDRESS, &self.address)] {
            if limit.count(conn, key, now)? > limit.tries {
                return Err(AppError::TooManyRequests(limit.wait(conn, key, now)?.unwrap_or(60)).into());
            }
        }
        Ok(())
    }

    fn forget(&self, conn: &mut diesel::PgConnection) -> Result<(), SaveError> {
        // not the address's: or one own account would buy any number of guesses at others
        Ok(Limit::forget(conn, &self.email)?)
    }
}

/// A path on this site, or the first page.
fn safe_path(path: &str) -> &str {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if inside { path } else { "/" }
}
