//! Takes one of one's passkeys away, after the password.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use serde_json::json;
use uuid::Uuid;

use super::Passkey;
use crate::Muster;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::accounts::{Account, factor, recovery_code};
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::my_account::confirm;
use crate::my_account::second_factor_remove::ConfirmForm;
use crate::sessions::Device;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "passkeys/remove.html")]
struct RemovePage {
    shell: Shell,
    passkey: Passkey,
    errors: FieldErrors,
}

/// `GET /my-account/passkeys/{passkey}/remove`
pub async fn ask(shell: Shell, muster: Data<Muster>, id: Path<Uuid>) -> PageResult {
    let passkey = find(&muster, &shell, *id).await?;
    show(&RemovePage { shell, passkey, errors: FieldErrors::new() })
}

/// `POST /my-account/passkeys/{passkey}/remove`
pub async fn create(
    (shell, req): (Shell, HttpRequest),
    muster: Data<Muster>,
    id: Path<Uuid>,
    form: Form<ConfirmForm>,
) -> PageResult {
    let passkey = find(&muster, &shell, *id).await?;
    match remove(&muster, &shell, &Device::of(&req).address, &form.typed.current, passkey.clone()).await {
        Ok(()) => {
            let text = format!("The passkey “{}” is removed.", passkey.name);
            see_other_with("/my-account", &Flash::success(text))
        }
        Err(SaveError::Rejected(errors)) => rejected(&RemovePage { shell, passkey, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn find(muster: &Muster, shell: &Shell, id: Uuid) -> Result<Passkey, AppError> {
    let account = shell.account.id;
    muster.db.read(move |conn| Ok(Passkey::find(conn, account, id)?)).await
}

async fn remove(muster: &Muster, shell: &Shell, address: &str, typed: &str, passkey: Passkey) -> Result<(), SaveError> {
    let (who, now, organisation) = (shell.account.clone(), shell.now, shell.organisation.name.clone());
    let actor = shell.actor();
    confirm::password(muster, &who, address, typed).await?;
    muster
        .db
        .write(move |conn| {
            let account = Account::lock(conn, who.id)?;
            if !passkey.remove(conn)? {
                return Err(AppError::NotFound.into());
            }
            if !factor::is_there(conn, who.id)? {
                recovery_code::forget(conn, who.id)?;
            }
            end_sessions(conn, who.id, Some(who.session))?;
            let what = format!("The passkey “{}” was removed. All other sessions have ended.", passkey.name);
            Notice::changed(&organisation, &what).to(&who.email, now).insert(conn)?;
            let before = Some(json!({ "name": passkey.name }));
            let change = Change { action: "passkey removed", before, after: None };
            Ok(audit::append(conn, &actor, now, &account.subject(), &change)?)
        })
        .await
}
