//! **My account** → Unlink, after the password.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::identity;
use crate::Muster;
use crate::accounts::Account;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::my_account::confirm;
use crate::my_account::second_factor_remove::ConfirmForm;
use crate::sessions::Device;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "openid/unlink.html")]
struct UnlinkPage {
    shell: Shell,
    errors: FieldErrors,
}

/// `GET /my-account/openid/remove`
pub async fn ask(shell: Shell, muster: Data<Muster>) -> PageResult {
    muster.openid.as_ref().ok_or(AppError::NotFound)?;
    show(&UnlinkPage { shell, errors: FieldErrors::new() })
}

/// `POST /my-account/openid/remove`
pub async fn create(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<ConfirmForm>) -> PageResult {
    match remove(&muster, &shell, &Device::of(&req).address, &form.typed.current).await {
        Ok(true) => {
            let text = "Your organisation’s sign-in no longer signs you in. All your other sessions have ended.";
            see_other_with("/my-account", &Flash::success(text))
        }
        Ok(false) => see_other_with("/my-account", &Flash::warning("There was nothing to unlink.")),
        Err(SaveError::Rejected(errors)) => rejected(&UnlinkPage { shell, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn remove(muster: &Muster, shell: &Shell, address: &str, typed: &str) -> Result<bool, SaveError> {
    let provider = muster.openid.clone().ok_or(AppError::NotFound)?;
    let (who, now, organisation) = (shell.account.clone(), shell.now, shell.organisation.name.clone());
    let actor = shell.actor();
    confirm::password(muster, &who, address, typed).await?;
    muster
        .db
        .write(move |conn| {
            let account = Account::lock(conn, who.id)?;
            if !identity::unlink(conn, who.id, provider.config().issuer.as_str())? {
                return Ok(false);
            }
            end_sessions(conn, who.id, Some(who.session))?;
            let what = "Your organisation’s sign-in was unlinked from your account. All other sessions have ended.";
            Notice::changed(&organisation, what).to(&who.email, now).insert(conn)?;
            let change = Change { action: "sign-in unlinked", before: None, after: None };
            audit::append(conn, &actor, now, &account.subject(), &change)?;
            Ok(true)
        })
        .await
}
