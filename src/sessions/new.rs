//! **Sign in** with e-mail and password.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::{Data, Query, block};
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;

use super::arrival::Arrival;
use super::failed::{self, Failed, Whose, Why};
use super::pending::{First, Pending};
use super::{Device, SignedIn, second_factor, tries};
use crate::accounts::factor;
use crate::accounts::password::Password;
use crate::accounts::{Credentials, HashCost, LinkToken};
use crate::error::AppError;
use crate::openid::{self, identity};
use crate::passkeys::RelyingParty;
use crate::schema::account;
use crate::serve::Muster;
use crate::web::{FieldErrors, Form, PageResult, SaveError, VisitorShell, rejected, see_other, show};

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
    /// Whether browsers offer passkeys at this site's address.
    passkeys: bool,
    /// Where the organisation's sign-in is, and its button's words.
    openid: Option<(String, String)>,
}

impl NewPage {
    fn new(req: &HttpRequest, muster: &Muster, form: SignInForm, errors: FieldErrors) -> Self {
        let passkeys = RelyingParty::of(&muster.config.public_url).is_some();
        let openid = muster.openid.as_ref().map(|provider| {
            let query = serde_html_form::to_string([("next", &form.next)]).unwrap_or_default();
            (format!("{}?{query}", openid::begin::PATH), provider.config().label.clone())
        });
        Self { shell: VisitorShell::of(req), form, errors, passkeys, openid }
    }
}

/// `GET /sign-in`
pub async fn new(req: HttpRequest, muster: Data<Muster>, session: Session, next: Query<Next>) -> PageResult {
    if SignedIn::of(&session).is_some() {
        return see_other(safe_path(&next.next));
    }
    let form = SignInForm { next: next.into_inner().next, ..SignInForm::default() };
    show(&NewPage::new(&req, &muster, form, FieldErrors::new()))
}

/// `POST /sign-in`
pub async fn create(req: HttpRequest, muster: Data<Muster>, session: Session, form: Form<SignInForm>) -> PageResult {
    let form = form.typed;
    match sign_in(&req, &muster, &form).await {
        Ok(Step::Arrived(arrival)) => arrival.lead(&muster, &session, &form.next),
        Ok(Step::SecondFactor(key)) => {
            let mut response = see_other(second_factor::PATH)?;
            Pending::attach(&mut response, &key, safe_path(&form.next), muster.config.is_https())?;
            Ok(response)
        }
        Err(SaveError::Rejected(errors)) => rejected(&NewPage::new(&req, &muster, form, errors)),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// Said when the account was changed while someone signed in to it.
pub(super) const CHANGED: &str = "Your sign-in was changed a moment ago. Sign in again";

/// What comes after the right password.
enum Step {
    Arrived(Box<Arrival>),
    SecondFactor(LinkToken),
}

async fn sign_in(req: &HttpRequest, muster: &Muster, form: &SignInForm) -> Result<Step, SaveError> {
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
    let address = Device::of(req).address;
    let attempt = |why| Failed { whose: Whose::Email(email.clone()), why, address: address.clone(), now };
    let tried = count_try(muster, &email, &address, now).await;
    attempt(Why::Throttled).noted(muster, failed::is_throttled(&tried)).await?;
    tried?;
    let sought = email.clone();
    // what a field may hold and the database may not is nobody's address
    let found = muster.db.read(move |conn| -> Result<_, SaveError> {
        if sought.contains('\0') { Ok(None) } else { Ok(Credentials::find(conn, &sought)?) }
    });
    let checked = right_password(typed, found.await?, muster.config.hash_cost).await;
    attempt(Why::Password).noted(muster, checked.is_err()).await?;
    let Checked { found, new_hash } = checked?;
    let (id, arrival) = (found.id, Arrival::new(req, muster, found.signed_in(), First::Password.words()));
    let openid = muster.openid.as_ref().map(|provider| provider.config().clone());
    muster
        .db
        .write(move |conn| {
            if !found.hold(conn)? {
                return Err(FieldErrors::one("email", CHANGED).into());
            }
            tries::PASSWORDS.forget(conn, &email)?;
            if let Some(new_hash) = new_hash {
                renew_hash(conn, &found, &new_hash)?;
            }
            if let Some(openid) = openid.filter(|openid| openid.only)
                && identity::is_linked(conn, id, openid.issuer.as_str())?
            {
                let text = format!("Your password no longer signs you in. Use “{}”", openid.label);
                return Err(FieldErrors::one("email", text).into());
            }
            if factor::is_there(conn, id)? {
                return Ok(Step::SecondFactor(Pending::begin(conn, id, First::Password, now)?));
            }
            arrival.record(conn)?;
            Ok(Step::Arrived(Box::new(arrival)))
        })
        .await
}

/// In its own transaction, before the slow part: parallel guesses cannot slip through.
async fn count_try(muster: &Muster, email: &str, address: &str, now: DateTime<Utc>) -> Result<(), SaveError> {
    let (email, address) = (email.to_owned(), address.to_owned());
    muster.db.write(move |conn| tries::PASSWORDS.count(conn, &email, &address, now)).await
}

struct Checked {
    found: Credentials,
    /// Where the stored one was made at another cost.
    new_hash: Option<String>,
}

/// Slow on purpose, so it holds no connection meanwhile; as slow for an unknown e-mail.
async fn right_password(typed: String, found: Option<Credentials>, cost: HashCost) -> Result<Checked, SaveError> {
    let right = block(move || {
        let stored = found.as_ref().and_then(|found| found.password_hash.clone());
        if !cost.verify(&typed, stored.as_deref()) {
            return None;
        }
        let stale = stored.is_some_and(|stored| !cost.is_of(&stored));
        let new_hash = if stale { cost.hash(&Password::known(&typed)).ok() } else { None };
        Some(Checked { found: found?, new_hash })
    });
    let wrong = || FieldErrors::one("email", "E-mail or password is wrong. Check both and try again.");
    Ok(right.await.map_err(AppError::internal)?.ok_or_else(wrong)?)
}

/// Unless the password was changed meanwhile.
fn renew_hash(conn: &mut PgConnection, found: &Credentials, new_hash: &str) -> QueryResult<()> {
    let same = account::table.find(found.id).filter(account::password_hash.is_not_distinct_from(&found.password_hash));
    diesel::update(same).set(account::password_hash.eq(new_hash)).execute(conn).map(|_| ())
}

/// A path on this site, or the first page.
pub(crate) fn safe_path(path: &str) -> &str {
    let inside =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if inside { path } else { "/" }
}
