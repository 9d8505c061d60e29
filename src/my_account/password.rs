//! Changes one's password; all other sessions end.

use actix_web::HttpRequest;
use actix_web::web::{Data, block};
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;

use super::confirm;
use crate::Muster;
use crate::accounts::account::end_sessions;
use crate::accounts::notice::Notice;
use crate::accounts::password::Password;
use crate::accounts::strength::Strength;
use crate::audit::{self, Change, Subject};
use crate::error::AppError;
use crate::schema::account;
use crate::sessions::Device;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PasswordForm {
    current: String,
    password: String,
}

#[derive(Template)]
#[template(path = "my_account/password.html")]
struct PasswordPage {
    shell: Shell,
    errors: FieldErrors,
}

/// `GET /my-account/password`
pub async fn edit(shell: Shell) -> PageResult {
    show(&PasswordPage { shell, errors: FieldErrors::new() })
}

/// `POST /my-account/password`
pub async fn update(shell: Shell, req: HttpRequest, muster: Data<Muster>, form: Form<PasswordForm>) -> PageResult {
    match save(&muster, &shell, &Device::of(&req).address, &form.typed).await {
        Ok(ended) => {
            let strength = Strength::of(&form.typed.password).words();
            let others = if ended == 0 { "" } else { " All your other sessions have ended." };
            let text = format!("Your password is changed. {strength}{others}");
            see_other_with("/my-account", &Flash::success(text))
        }
        Err(SaveError::Rejected(errors)) => rejected(&PasswordPage { shell, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// How many other sessions ended.
async fn save(muster: &Muster, shell: &Shell, address: &str, form: &PasswordForm) -> Result<usize, SaveError> {
    let who = shell.account.clone();
    let password = Password::choose(&form.password, &[&who.email, &who.name]);
    let password = password.map_err(|message| FieldErrors::one("password", message))?;
    let actor = shell.actor();
    confirm::password(muster, &who, address, &form.current).await?;
    let (cost, now, organisation) = (muster.config.hash_cost, shell.now, shell.organisation.name.clone());
    let hash = block(move || cost.hash(&password)).await.map_err(AppError::internal)?.map_err(AppError::internal)?;
    muster
        .db
        .write(move |conn| {
            diesel::update(account::table.find(who.id)).set(account::password_hash.eq(hash)).execute(conn)?;
            let ended = end_sessions(conn, who.id, Some(who.session))?;
            let what = "Your password was changed. All other sessions have ended.";
            Notice::changed(&organisation, what).to(&who.email, now).insert(conn)?;
            let subject = Subject::new("account", who.id, who.email.clone());
            let change = Change { action: "password changed", before: None, after: None };
            audit::append(conn, &actor, now, &subject, &change)?;
            Ok(ended)
        })
        .await
}
