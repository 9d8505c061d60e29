//! Signs in with a passkey: alone, where the key knows the person, or after the password.

use actix_session::Session;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use diesel::PgConnection;
use serde::Deserialize;

use super::assertion::{self, Assertion, AssertionForm};
use super::{Passkey, RelyingParty, challenge};
use crate::Muster;
use crate::accounts::Credentials;
use crate::error::AppError;
use crate::openid::identity;
use crate::sessions::arrival::{Arrival, Origin};
use crate::sessions::failed::{Failed, Whose, Why};
use crate::sessions::pending::Pending;
use crate::sessions::{Device, second_factor, tries};
use crate::web::{Flash, Form, PageResult, SaveError, see_other_with};

/// Which of the two, and what the key answered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SignInForm {
    /// "yes": the password was right, the passkey is the second factor.
    second: String,
    next: String,
    credential: String,
    client_data: String,
    authenticator_data: String,
    signature: String,
}

impl SignInForm {
    fn answer(&self) -> AssertionForm {
        AssertionForm {
            credential: self.credential.clone(),
            client_data: self.client_data.clone(),
            authenticator_data: self.authenticator_data.clone(),
            signature: self.signature.clone(),
        }
    }
}

/// `POST /sign-in/passkey/challenge`
pub async fn ask(req: HttpRequest, muster: Data<Muster>, form: Form<SignInForm>) -> PageResult {
    let site = RelyingParty::of(&muster.config.public_url).ok_or(AppError::NotFound)?;
    let (address, now) = (Device::of(&req).address, muster.clock.now());
    let pending = Pending::of(&req).filter(|_| form.typed.second == "yes");
    let asked = muster
        .db
        .write(move |conn| -> Result<_, SaveError> {
            tries::PASSKEYS.count(conn, &format!("at {address}"), &address, now)?;
            let account = account_of(conn, pending.as_ref(), now)?;
            let keys = account.map(|account| Passkey::of(conn, account)).transpose()?;
            Ok((challenge::begin(conn, account, now)?, keys))
        })
        .await;
    match asked {
        Ok((challenge, keys)) => Ok(HttpResponse::Ok().json(assertion::options(&site, keys.as_deref(), &challenge))),
        Err(SaveError::Failed(error)) => Err(error),
        Err(SaveError::Rejected(_)) => Err(AppError::NotFound),
    }
}

fn account_of(
    conn: &mut PgConnection,
    pending: Option<&Pending>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<uuid::Uuid>, AppError> {
    match pending {
        Some(pending) => Ok(pending.account(conn, now)?),
        None => Ok(None),
    }
}

/// `POST /sign-in/passkey`
pub async fn create(req: HttpRequest, muster: Data<Muster>, session: Session, form: Form<SignInForm>) -> PageResult {
    let form = form.typed;
    let pending = Pending::of(&req).filter(|_| form.second == "yes");
    let next = pending.as_ref().map_or_else(|| form.next.clone(), |pending| pending.next.clone());
    match check(&req, &muster, pending, &form).await? {
        Some(arrival) => {
            let mut response = arrival.lead(&muster, &session, &next)?;
            Pending::remove(&mut response)?;
            Ok(response)
        }
        None => {
            let text = "This passkey was not accepted. Try again, or sign in another way.";
            let page = if form.second == "yes" { second_factor::PATH } else { "/sign-in" };
            see_other_with(page, &Flash::danger(text))
        }
    }
}

/// None: the key's answer does not fit, or it is nobody's.
async fn check(
    req: &HttpRequest,
    muster: &Muster,
    pending: Option<Pending>,
    form: &SignInForm,
) -> Result<Option<Arrival>, AppError> {
    let site = RelyingParty::of(&muster.config.public_url).ok_or(AppError::NotFound)?;
    let answer = match Assertion::read(&form.answer(), &site) {
        Ok(answer) => answer,
        Err(invalid) => {
            tracing::info!(%invalid, "a passkey was not accepted");
            return Ok(None);
        }
    };
    let (now, address) = (muster.clock.now(), Device::of(req).address);
    let (origin, muster_again) = (Origin::of(req), muster.clone());
    let only = muster.openid.as_ref().map(|provider| provider.config()).filter(|openid| openid.only);
    let only = only.map(|openid| openid.issuer.as_str().to_owned());
    muster
        .db
        .write(move |conn| {
            let proved = prove(conn, &answer, pending.as_ref(), now)?;
            // the passkey alone signs nobody in who is to come by the organisation's sign-in
            let elsewhere = match (&proved, &only) {
                (Some(found), Some(issuer)) if pending.is_none() => identity::is_linked(conn, found.0.id, issuer)?,
                _ => false,
            };
            let Some((found, how)) = proved.filter(|_| !elsewhere) else {
                let key = Passkey::known_as(conn, &answer.credential_id)?;
                let whose = key.map_or(Whose::Nobody, |key| Whose::Account(key.account_id));
                Failed { whose, why: Why::Passkey, address, now }.note(conn)?;
                return Ok(None);
            };
            let arrival = Arrival::from(origin, &muster_again, found.signed_in(), &how);
            arrival.record(conn)?;
            Ok(Some(arrival))
        })
        .await
}

/// Whose key it is, and by what they signed in, if all is as it must be. The challenge is used up either way.
fn prove(
    conn: &mut PgConnection,
    answer: &Assertion,
    pending: Option<&Pending>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<(Credentials, String)>, AppError> {
    let account = account_of(conn, pending, now)?;
    if pending.is_some() && account.is_none() || !challenge::take(conn, &answer.challenge, account, now)? {
        return Ok(None);
    }
    let Some(key) = Passkey::known_as(conn, &answer.credential_id)? else { return Ok(None) };
    let Some(found) = Credentials::of(conn, key.account_id)? else { return Ok(None) };
    if !found.hold(conn)? {
        return Ok(None);
    }
    let fits = match account {
        Some(account) => key.account_id == account,
        None => answer.data.is_verified,
    };
    if !fits || !answer.is_of(&key) || !key.note_use(conn, answer.data.sign_count, now)? {
        return Ok(None);
    }
    let Some(pending) = pending else { return Ok(Some((found, "passkey".to_owned()))) };
    let first = pending.end(conn)?;
    Ok(first.map(|first| (found, format!("{} and passkey", first.words()))))
}
