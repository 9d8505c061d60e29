//! Adds a passkey: the browser asks the key, the form carries its answer. Needs a script, as browsers offer it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::passkey::NewPasskey;
use super::{Passkey, RelyingParty, challenge, registration};
use crate::Muster;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::accounts::{Account, factor, recovery_code};
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::my_account::confirm;
use crate::my_account::recovery_codes::CodesPage;
use crate::sessions::Device;
use crate::sessions::destroy::Empty;
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed, and what the key answered in base64url.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PasskeyForm {
    name: String,
    current: String,
    client_data: String,
    attestation: String,
}

#[derive(Template)]
#[template(path = "passkeys/new.html")]
struct NewPage {
    shell: Shell,
    /// Whether browsers offer passkeys at this site's address.
    offered: bool,
    form: PasskeyForm,
    errors: FieldErrors,
}

const UNREADABLE: &str = "The passkey was not added: its answer does not fit. Try again";
const NO_SCRIPT: &str = "Your browser did not ask for a passkey. Allow scripts on this page, and try again";

/// `GET /my-account/passkeys/new`
pub async fn new(shell: Shell, muster: Data<Muster>) -> PageResult {
    let form = PasskeyForm { name: "My device".into(), ..PasskeyForm::default() };
    let offered = RelyingParty::of(&muster.config.public_url).is_some();
    show(&NewPage { shell, offered, form, errors: FieldErrors::new() })
}

/// `POST /my-account/passkeys/challenge`
pub async fn ask(shell: Shell, muster: Data<Muster>, _: Form<Empty>) -> PageResult {
    let site = RelyingParty::of(&muster.config.public_url).ok_or(AppError::NotFound)?;
    let (id, now) = (shell.account.id, shell.now);
    let (challenge, known) = muster
        .db
        .write(move |conn| -> Result<_, AppError> {
            Ok((challenge::begin(conn, Some(id), now)?, Passkey::of(conn, id)?))
        })
        .await?;
    let options = registration::options(&site, shell.organisation_name(), &shell.account, &known, &challenge);
    Ok(HttpResponse::Ok().json(options))
}

/// `POST /my-account/passkeys/new`
pub async fn create(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<PasskeyForm>) -> PageResult {
    let form = form.typed;
    match save(&muster, &shell, &Device::of(&req).address, &form).await {
        Ok(Some(codes)) => show(&CodesPage { shell, codes, is_new: true }),
        Ok(None) => {
            see_other_with("/my-account", &Flash::success(format!("The passkey “{}” is added.", form.name.trim())))
        }
        Err(SaveError::Rejected(errors)) => rejected(&NewPage { shell, offered: true, form, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// Recovery codes, where it is the first second factor.
async fn save(
    muster: &Muster,
    shell: &Shell,
    address: &str,
    form: &PasskeyForm,
) -> Result<Option<Vec<String>>, SaveError> {
    let name = Line::required(&form.name, 80, "Enter a name by which you know it again");
    let name = name.map_err(|message| FieldErrors::one("name", message))?;
    let (key, challenge) = read(muster, form)?;
    let (who, now, organisation) = (shell.account.clone(), shell.now, shell.organisation.name.clone());
    let actor = shell.actor();
    confirm::password(muster, &who, address, &form.current).await?;
    muster
        .db
        .write(move |conn| {
            let account = Account::lock(conn, who.id)?;
            if !challenge::take(conn, &challenge, Some(who.id), now)? {
                return Err(FieldErrors::one("name", "That took too long. Try again").into());
            }
            let had_one = factor::is_there(conn, who.id)?;
            insert(conn, &key, who.id, &name, now)?;
            let codes = if had_one { None } else { Some(recovery_code::renew(conn, who.id)?) };
            end_sessions(conn, who.id, Some(who.session))?;
            let what = format!("A passkey, “{name}”, was added. All other sessions have ended.");
            Notice::changed(&organisation, &what).to(&who.email, now).insert(conn)?;
            let change = Change { action: "passkey added", before: None, after: Some(json!({ "name": name })) };
            audit::append(conn, &actor, now, &account.subject(), &change)?;
            Ok(codes)
        })
        .await
}

fn read(muster: &Muster, form: &PasskeyForm) -> Result<(NewPasskey, Vec<u8>), FieldErrors> {
    if form.client_data.is_empty() {
        return Err(FieldErrors::one("name", NO_SCRIPT));
    }
    let wrong = || FieldErrors::one("name", UNREADABLE);
    let site = RelyingParty::of(&muster.config.public_url).ok_or_else(wrong)?;
    let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong());
    let read = registration::read(&bytes(&form.client_data)?, &bytes(&form.attestation)?, &site);
    read.map_err(|invalid| {
        tracing::info!(%invalid, "a passkey was not added");
        wrong()
    })
}

fn insert(
    conn: &mut PgConnection,
    key: &NewPasskey,
    account: uuid::Uuid,
    name: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), SaveError> {
    let known = [("passkey_credential_id_key", "name", "This passkey is added already")];
    key.insert(conn, account, name, now).map_err(|error| SaveError::from_constraint(error, &known))
}
