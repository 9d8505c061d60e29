//! **Second factor**: the second half of signing in, for those who have one.

use actix_session::Session;
use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::arrival::Arrival;
use super::failed::{self, Failed, Whose, Why};
use super::pending::Pending;
use super::{Device, tries};
use crate::Muster;
use crate::accounts::Credentials;
use crate::accounts::factor::{self, Proof};
use crate::accounts::notice::Notice;
use crate::error::AppError;
use crate::passkeys::RelyingParty;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, VisitorShell, rejected, see_other_with, show};

/// Where it is.
pub const PATH: &str = "/sign-in/second-factor";
/// Where one is added.
pub const ADD: &str = "/my-account/second-factor";

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CodeForm {
    code: String,
}

#[derive(Template)]
#[template(path = "sessions/second_factor.html")]
struct CodePage {
    shell: VisitorShell,
    form: CodeForm,
    errors: FieldErrors,
    /// Whether browsers offer passkeys at this site's address.
    passkeys: bool,
}

impl CodePage {
    fn new(req: &HttpRequest, muster: &Muster, form: CodeForm, errors: FieldErrors) -> Self {
        let passkeys = RelyingParty::of(&muster.config.public_url).is_some();
        Self { shell: VisitorShell::of(req), form, errors, passkeys }
    }
}

/// One answer for all that can be wrong with a code.
const WRONG: &str = "This code is wrong or was used already. Enter the one that the app shows now";

/// `GET /sign-in/second-factor`
pub async fn new(req: HttpRequest, muster: Data<Muster>) -> PageResult {
    if Pending::of(&req).is_none() {
        return begin_again();
    }
    show(&CodePage::new(&req, &muster, CodeForm::default(), FieldErrors::new()))
}

/// `POST /sign-in/second-factor`
pub async fn create(req: HttpRequest, muster: Data<Muster>, session: Session, form: Form<CodeForm>) -> PageResult {
    let form = form.typed;
    let Some(pending) = Pending::of(&req) else { return begin_again() };
    let next = pending.next.clone();
    match check(&req, &muster, pending, &form.code).await {
        Ok(Some(arrival)) => {
            let mut response = arrival.lead(&muster, &session, &next)?;
            Pending::remove(&mut response)?;
            Ok(response)
        }
        Ok(None) => begin_again(),
        Err(SaveError::Rejected(errors)) => rejected(&CodePage::new(&req, &muster, form, errors)),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

fn begin_again() -> PageResult {
    see_other_with("/sign-in", &Flash::warning("That took too long. Sign in again."))
}

/// None: the first half was too long ago, or has led to a session already.
async fn check(
    req: &HttpRequest,
    muster: &Muster,
    pending: Pending,
    typed: &str,
) -> Result<Option<Arrival>, SaveError> {
    let (typed, now, address) = (typed.trim().to_owned(), muster.clock.now(), Device::of(req).address);
    if typed.is_empty() {
        return Err(FieldErrors::one("code", "Enter the code that your app shows").into());
    }
    let pending = muster
        .db
        .read(move |conn| -> Result<_, AppError> { Ok(pending.account(conn, now)?.map(|id| (id, pending))) })
        .await?;
    let Some((id, pending)) = pending else { return Ok(None) };
    let attempt = |why| Failed { whose: Whose::Account(id), why, address: address.clone(), now };
    let tried = count_try(muster, id, &address, now).await;
    attempt(Why::Throttled).noted(muster, failed::is_throttled(&tried)).await?;
    let Some(found) = tried? else { return Ok(None) };
    let arrival = Arrival::new(req, muster, found.signed_in(), "");
    let proved = prove(muster, found, (pending, typed), arrival, now).await;
    attempt(Why::Factor).noted(muster, matches!(proved, Err(SaveError::Rejected(_)))).await?;
    proved
}

/// In its own transaction: parallel guesses cannot slip through.
async fn count_try(
    muster: &Muster,
    id: Uuid,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<Credentials>, SaveError> {
    let address = address.to_owned();
    muster
        .db
        .write(move |conn| {
            tries::CODES.count(conn, &id.to_string(), &address, now)?;
            Ok(Credentials::of(conn, id)?)
        })
        .await
}

async fn prove(
    muster: &Muster,
    found: Credentials,
    (pending, typed): (Pending, String),
    mut arrival: Arrival,
    now: DateTime<Utc>,
) -> Result<Option<Arrival>, SaveError> {
    let (keys, organisation) = (muster.keys.clone(), muster.organisation.get());
    muster
        .db
        .write(move |conn| {
            // the row is locked by its end: the same half does not lead to two sessions
            if !found.hold(conn)? {
                return Ok(None);
            }
            let Some(first) = pending.end(conn)? else { return Ok(None) };
            let Some(proof) = factor::prove(conn, &keys, found.id, &typed, now)? else {
                return Err(FieldErrors::one("code", WRONG).into());
            };
            tries::CODES.forget(conn, &found.id.to_string())?;
            if let Proof::Recovery(left) = proof {
                tell(conn, &organisation.name, &found.email, left, now)?;
            }
            arrival.how = format!("{} and {}", first.words(), proof.words());
            arrival.record(conn)?;
            Ok(Some(arrival))
        })
        .await
}

fn tell(
    conn: &mut PgConnection,
    organisation: &str,
    email: &str,
    left: i64,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let what = match left {
        0 => "Your last recovery code was used to sign in. Make new ones under My account.".to_owned(),
        1 => "A recovery code was used to sign in. One is left; make new ones under My account.".to_owned(),
        n => format!("A recovery code was used to sign in. {n} are left."),
    };
    Ok(Notice::changed(organisation, &what).to(email, now).insert(conn)?)
}
