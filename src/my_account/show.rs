//! `GET /my-account`

use askama::Template;
use diesel::prelude::*;
use uuid::Uuid;

use super::session_row::SessionRow;
use crate::accounts::{Account, recovery_code};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::account;
use crate::web::filters;
use crate::web::{FieldErrors, PageResult, Shell, rejected, show};

#[derive(Template)]
#[template(path = "my_account/show.html")]
struct MinePage {
    shell: Shell,
    account: Account,
    has_password: bool,
    codes_left: i64,
    sessions: Vec<SessionRow>,
    typed_name: String,
    errors: FieldErrors,
}

impl MinePage {
    fn is_this(&self, session: &Uuid) -> bool {
        *session == self.shell.account.session
    }

    fn codes(&self) -> String {
        match self.codes_left {
            0 => "No recovery codes are left.".into(),
            1 => "One recovery code is left.".into(),
            n => format!("{n} recovery codes are left."),
        }
    }

    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !self.is_this(&session.id))
    }
}

/// `GET /my-account`
pub async fn index(shell: Shell, db: Db) -> PageResult {
    show(&page(shell, db, None).await?)
}

/// The page again, with a name that was not taken.
pub(super) async fn again(shell: Shell, db: Db, name: String, errors: FieldErrors) -> PageResult {
    rejected(&page(shell, db, Some((name, errors))).await?)
}

async fn page(shell: Shell, db: Db, typed: Option<(String, FieldErrors)>) -> Result<MinePage, AppError> {
    let (id, now) = (shell.account.id, shell.now);
    let (account, has_password, codes_left, sessions) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let has_password = account::table.find(id).select(account::password_hash.is_not_null()).first(conn)?;
            let (codes, sessions) = (recovery_code::left(conn, id)?, SessionRow::of(conn, id, now)?);
            Ok((Account::find(conn, id)?, has_password, codes, sessions))
        })
        .await?;
    let (typed_name, errors) = typed.unwrap_or_else(|| (account.name.clone(), FieldErrors::new()));
    Ok(MinePage { shell, account, has_password, codes_left, sessions, typed_name, errors })
}
