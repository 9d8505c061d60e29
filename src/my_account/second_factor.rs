//! Adds an authenticator app as second factor, or puts a new one in its place. Until its first code is right nothing
//! is stored: the form itself carries the seed, sealed.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;

use super::confirm;
use super::recovery_codes::CodesPage;
use crate::Muster;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::accounts::totp::{self, Seed};
use crate::accounts::{Account, factor, recovery_code};
use crate::audit::{self, Change};
use crate::codes::barcode::{self, Barcode};
use crate::error::AppError;
use crate::sessions::Device;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, show};

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct FactorForm {
    seed: String,
    code: String,
    current: String,
}

#[derive(Template)]
#[template(path = "my_account/second_factor.html")]
struct FactorPage {
    shell: Shell,
    form: FactorForm,
    errors: FieldErrors,
    /// As it is typed into an app, in groups.
    secret: String,
    /// As a picture in the page: `data:` is all that the content policy lets in.
    picture: String,
    is_renewed: bool,
}

/// What the seed is sealed for until it is stored: for this dashboard user alone.
fn purpose(shell: &Shell) -> String {
    format!("new totp {}", shell.account.id)
}

/// `GET /my-account/second-factor`
pub async fn new(shell: Shell, muster: Data<Muster>) -> PageResult {
    let form = FactorForm { seed: fresh(&muster, &shell)?, ..FactorForm::default() };
    show(&page(&muster, shell, form, FieldErrors::new()).await?)
}

/// `POST /my-account/second-factor`
pub async fn create(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<FactorForm>) -> PageResult {
    let mut form = form.typed;
    if read(&muster, &shell, &form.seed).is_none() {
        form.seed = fresh(&muster, &shell)?;
        let errors = FieldErrors::one("code", "The page was too old. Scan the new picture and enter its code");
        return rejected(&page(&muster, shell, form, errors).await?);
    }
    match save(&muster, &shell, &Device::of(&req).address, &form).await {
        Ok(codes) => show(&CodesPage { shell, codes, is_new: true }),
        Err(SaveError::Rejected(errors)) => rejected(&page(&muster, shell, form, errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

fn fresh(muster: &Muster, shell: &Shell) -> Result<String, AppError> {
    let sealed = muster.keys.seal(&purpose(shell), Seed::random().bytes()).map_err(AppError::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

fn read(muster: &Muster, shell: &Shell, sealed: &str) -> Option<Seed> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    muster.keys.open(&purpose(shell), &bytes).ok().map(Seed::of)
}

async fn page(muster: &Muster, shell: Shell, form: FactorForm, errors: FieldErrors) -> Result<FactorPage, AppError> {
    let seed = read(muster, &shell, &form.seed).ok_or_else(|| AppError::internal("a seed of our own is unreadable"))?;
    let id = shell.account.id;
    let account = muster.db.read(move |conn| -> Result<_, AppError> { Ok(Account::find(conn, id)?) }).await?;
    let address = seed.address(shell.organisation_name(), &shell.account.email);
    let svg = barcode::svg(Barcode::Qr, &address).map_err(AppError::internal)?;
    Ok(FactorPage {
        secret: seed.text().as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" "),
        picture: format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)),
        is_renewed: account.totp_since.is_some(),
        shell,
        form,
        errors,
    })
}

async fn save(muster: &Muster, shell: &Shell, address: &str, form: &FactorForm) -> Result<Vec<String>, SaveError> {
    let (who, now, keys) = (shell.account.clone(), shell.now, muster.keys.clone());
    let seed = read(muster, shell, &form.seed).ok_or_else(|| AppError::internal("no seed"))?;
    let code =
        totp::digits(&form.code).ok_or_else(|| FieldErrors::one("code", "Enter the six digits that the app shows"))?;
    let wrong = "This is not the code of now. Check that the phone’s time is right, and enter the next one";
    let step = seed.step_of(&code, now).ok_or_else(|| FieldErrors::one("code", wrong))?;
    let actor = shell.actor();
    confirm::password(muster, &who, address, &form.current).await?;
    let organisation = shell.organisation.name.clone();
    muster
        .db
        .write(move |conn| {
            let account = Account::lock(conn, who.id)?;
            factor::set(conn, &keys, who.id, &seed, step, now)?;
            let codes = recovery_code::renew(conn, who.id)?;
            end_sessions(conn, who.id, Some(who.session))?;
            let (what, action) = match account.totp_since {
                None => ("An authenticator app was added as your second factor.", "second factor added"),
                Some(_) => ("Your authenticator app was replaced by another.", "second factor renewed"),
            };
            let what = format!("{what} All other sessions have ended.");
            Notice::changed(&organisation, &what).to(&who.email, now).insert(conn)?;
            audit::append(conn, &actor, now, &account.subject(), &Change { action, before: None, after: None })?;
            Ok(codes)
        })
        .await
}
