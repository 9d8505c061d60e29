//! Makes new recovery codes, after the password; those before work no more. They are shown this once.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::confirm;
use super::second_factor_remove::ConfirmForm;
use crate::Muster;
use crate::accounts::notice::Notice;
use crate::accounts::{Account, factor, recovery_code};
use crate::audit::{self, Change};
use crate::sessions::Device;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

#[derive(Template)]
#[template(path = "my_account/recovery_codes_new.html")]
struct AskPage {
    shell: Shell,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "my_account/recovery_codes.html")]
pub struct CodesPage {
    pub shell: Shell,
    pub codes: Vec<String>,
    /// Whether the second factor was added with them.
    pub is_new: bool,
}

impl CodesPage {
    /// To be copied, a line each.
    fn all(&self) -> String {
        self.codes.join("\n")
    }
}

/// `GET /my-account/recovery-codes`
pub async fn new(shell: Shell) -> PageResult {
    show(&AskPage { shell, errors: FieldErrors::new() })
}

/// `POST /my-account/recovery-codes`
pub async fn create(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<ConfirmForm>) -> PageResult {
    match renew(&muster, &shell, &Device::of(&req).address, &form.typed.current).await {
        Ok(Some(codes)) => show(&CodesPage { shell, codes, is_new: false }),
        Ok(None) => {
            let flash = Flash::warning("Recovery codes come with a second factor. Add one first.");
            see_other_with("/my-account", &flash)
        }
        Err(SaveError::Rejected(errors)) => rejected(&AskPage { shell, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn renew(muster: &Muster, shell: &Shell, address: &str, typed: &str) -> Result<Option<Vec<String>>, SaveError> {
    let (who, now, organisation) = (shell.account.clone(), shell.now, shell.organisation.name.clone());
    let actor = shell.actor();
    confirm::password(muster, &who, address, typed).await?;
    muster
        .db
        .write(move |conn| {
            let account = Account::lock(conn, who.id)?;
            if !factor::is_there(conn, who.id)? {
                return Ok(None);
            }
            let codes = recovery_code::renew(conn, who.id)?;
            let what = "New recovery codes were made. Those before no longer work.";
            Notice::changed(&organisation, what).to(&who.email, now).insert(conn)?;
            let change = Change { action: "recovery codes made", before: None, after: None };
            audit::append(conn, &actor, now, &account.subject(), &change)?;
            Ok(Some(codes))
        })
        .await
}
