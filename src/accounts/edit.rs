//! A dashboard user's name, role, and whether they need a second factor.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::account::{Account, Role};
use super::{factor, factor_rule};
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::account;
use crate::web::filters;
use crate::web::text::Line;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    name: String,
    role: String,
    requires_second_factor: String,
    sees_personal_data: String,
}

#[derive(Template)]
#[template(path = "accounts/edit.html")]
struct EditPage {
    shell: Shell,
    account: Account,
    has_factor: bool,
    for_all: bool,
    form: AccountForm,
    errors: FieldErrors,
}

impl EditPage {
    fn roles(&self) -> [Role; 3] {
        Role::ALL
    }

    fn required(&self) -> bool {
        self.form.requires_second_factor == "on"
    }

    fn sees(&self) -> bool {
        self.form.sees_personal_data == "on"
    }

    fn is_me(&self) -> bool {
        self.account.id == self.shell.account.id
    }
}

/// Said where the rule is broken, whatever page broke it.
pub(super) const LAST_ADMIN: &str = "This is the last Admin who can sign in. Make someone else an Admin first";

/// `GET /settings/dashboard-users/{account}`
pub async fn edit(shell: Shell, db: Db, id: Path<Uuid>) -> PageResult {
    let (account, has_factor, for_all) = load(&db, *id).await?;
    let on = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    let form = AccountForm {
        name: account.name.clone(),
        role: account.role().key().into(),
        requires_second_factor: on(account.requires_second_factor),
        sees_personal_data: on(account.sees_personal_data),
    };
    show(&EditPage { shell, account, has_factor, for_all, form, errors: FieldErrors::new() })
}

/// `POST /settings/dashboard-users/{account}`
pub async fn update(shell: Shell, db: Db, id: Path<Uuid>, form: Form<AccountForm>) -> PageResult {
    let form = form.typed;
    match save(&db, &shell, *id, &form).await {
        Ok(name) => see_other_with("/settings/dashboard-users", &Flash::success(format!("{name} was saved."))),
        Err(SaveError::Rejected(errors)) => {
            let (account, has_factor, for_all) = load(&db, *id).await?;
            rejected(&EditPage { shell, account, has_factor, for_all, form, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(db: &Db, id: Uuid) -> Result<(Account, bool, bool), AppError> {
    db.snapshot(move |conn| Ok((Account::find(conn, id)?, factor::is_there(conn, id)?, factor_rule::for_all(conn)?)))
        .await
}

async fn save(db: &Db, shell: &Shell, id: Uuid, form: &AccountForm) -> Result<String, SaveError> {
    let mut errors = FieldErrors::new();
    let name = errors.take("name", Line::required(&form.name, 80, "Enter their name"));
    let role = errors.take("role", Role::parse(&form.role).ok_or("Choose a role"));
    let (required, sees) = (form.requires_second_factor == "on", form.sees_personal_data == "on");
    let (Some(name), Some(role)) = (name, role) else { return Err(errors.into()) };
    let (actor, now) = (shell.actor(), shell.now);
    db.write(move |conn| {
        let before = Account::lock(conn, id)?;
        let may = (account::role.eq(role.key()), account::sees_personal_data.eq(sees));
        let values = (account::name.eq(&name), may, account::requires_second_factor.eq(required));
        let updated = diesel::update(account::table.find(id)).set(values).returning(Account::as_returning());
        let after = updated
            .get_result(conn)
            .map_err(|error| SaveError::from_constraint(error, &[("account_last_admin_check", "role", LAST_ADMIN)]))?;
        let change =
            Change { action: "dashboard user changed", before: Some(before.values()), after: Some(after.values()) };
        audit::append(conn, &actor, now, &after.subject(), &change)?;
        Ok(name)
    })
    .await
}
