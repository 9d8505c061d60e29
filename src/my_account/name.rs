//! One's own name.

use actix_web::web::Data;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::show;
use crate::Muster;
use crate::accounts::Account;
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::schema::account;
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, Shell, see_other_with};

/// As typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NameForm {
    name: String,
}

/// `POST /my-account`
pub async fn update(shell: Shell, muster: Data<Muster>, form: Form<NameForm>) -> PageResult {
    let typed = form.typed.name;
    let name = match Line::required(&typed, 80, "Enter your name") {
        Ok(name) => name,
        Err(message) => return show::again(shell, &muster, typed, FieldErrors::one("name", message)).await,
    };
    let (id, actor, now) = (shell.account.id, shell.actor(), shell.now);
    let saved = muster.db.write(move |conn| -> Result<_, AppError> {
        let before = Account::lock(conn, id)?;
        if before.name == name {
            return Ok(());
        }
        diesel::update(account::table.find(id)).set(account::name.eq(&name)).execute(conn)?;
        let values = |name: &str| Some(json!({ "name": name }));
        let change = Change { action: "dashboard user changed", before: values(&before.name), after: values(&name) };
        Ok(audit::append(conn, &actor, now, &before.subject(), &change)?)
    });
    saved.await?;
    see_other_with("/my-account", &Flash::success("Your name is saved."))
}
