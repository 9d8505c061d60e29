//! Takes one's second factor away, after the password.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::confirm;
use crate::Muster;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::accounts::{Account, factor};
use crate::audit::{self, Change};
use crate::sessions::Device;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    pub current: String,
}

#[derive(Template)]
#[template(path = "my_account/second_factor_remove.html")]
struct RemovePage {
    shell: Shell,
    errors: FieldErrors,
}

/// `GET /my-account/second-factor/remove`
pub async fn ask(shell: Shell) -> PageResult {
    show(&RemovePage { shell, errors: FieldErrors::new() })
}

/// `POST /my-account/second-factor/remove`
pub async fn create(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<ConfirmForm>) -> PageResult {
    match remove(&muster, &shell, &Device::of(&req).address, &form.typed.current).await {
        Ok(true) => {
            let text = "The app is removed. Without another second factor your password alone signs you in.";
            see_other_with("/my-account", &Flash::success(text))
        }
        Ok(false) => see_other_with("/my-account", &Flash::warning("There was no app to remove.")),
        Err(SaveError::Rejected(errors)) => rejected(&RemovePage { shell, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn remove(muster: &Muster, shell: &Shell, address: &str, typed: &str) -> Result<bool, SaveError> {
    let (who, now, organisation) = (shell.account.clone(), shell.now, shell.organisation.name.clone());
    let actor = shell.actor();
    confirm::password(muster, &who, address, typed).await?;
    muster
        .db
        .write(move |conn| {
            let account = Account::lock(conn, who.id)?;
            if !factor::remove_app(conn, who.id)? {
                return Ok(false);
            }
            end_sessions(conn, who.id, Some(who.session))?;
            let what = "Your authenticator app was removed. All other sessions have ended.";
            Notice::changed(&organisation, what).to(&who.email, now).insert(conn)?;
            let change = Change { action: "second factor removed", before: None, after: None };
            audit::append(conn, &actor, now, &account.subject(), &change)?;
            Ok(true)
        })
        .await
}
