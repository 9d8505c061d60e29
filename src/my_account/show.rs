//! `GET /my-account`

use actix_web::web::Data;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::session_row::SessionRow;
use crate::Muster;
use crate::accounts::{Account, recovery_code};
use crate::error::AppError;
use crate::openid::identity;
use crate::passkeys::Passkey;
use crate::schema::account;
use crate::web::filters;
use crate::web::{FieldErrors, PageResult, Shell, rejected, show};

#[derive(Template)]
#[template(path = "my_account/show.html")]
struct MinePage {
    shell: Shell,
    account: Account,
    has_password: bool,
    /// Whether a second factor is asked after the password.
    has_factor: bool,
    codes_left: i64,
    /// Where there is a provider: since when one is linked to someone there.
    openid: Option<Option<DateTime<Utc>>>,
    passkeys: Vec<Passkey>,
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
pub async fn index(shell: Shell, muster: Data<Muster>) -> PageResult {
    show(&page(shell, &muster, None).await?)
}

/// The page again, with a name that was not taken.
pub(super) async fn again(shell: Shell, muster: &Muster, name: String, errors: FieldErrors) -> PageResult {
    rejected(&page(shell, muster, Some((name, errors))).await?)
}

async fn page(shell: Shell, muster: &Muster, typed: Option<(String, FieldErrors)>) -> Result<MinePage, AppError> {
    let (id, now) = (shell.account.id, shell.now);
    let issuer = muster.openid.as_ref().map(|provider| provider.config().issuer.as_str().to_owned());
    let (account, has_password, codes_left, openid, passkeys, sessions) = muster
        .db
        .snapshot(move |conn| -> Result<_, AppError> {
            let has_password = account::table.find(id).select(account::password_hash.is_not_null()).first(conn)?;
            let (codes, sessions) = (recovery_code::left(conn, id)?, SessionRow::of(conn, id, now)?);
            let openid = issuer.map(|issuer| identity::linked_since(conn, id, &issuer)).transpose()?;
            Ok((Account::find(conn, id)?, has_password, codes, openid, Passkey::of(conn, id)?, sessions))
        })
        .await?;
    let (typed_name, errors) = typed.unwrap_or_else(|| (account.name.clone(), FieldErrors::new()));
    let has_factor = account.totp_since.is_some() || !passkeys.is_empty();
    Ok(MinePage {
        shell,
        account,
        has_password,
        has_factor,
        codes_left,
        openid,
        passkeys,
        sessions,
        typed_name,
        errors,
    })
}
