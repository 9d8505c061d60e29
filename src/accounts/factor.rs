//! The second factor of a dashboard user: an authenticator app, and recovery codes for when it is not at hand.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use uuid::Uuid;

use super::recovery_code;
use super::totp::{self, Seed};
use crate::error::AppError;
use crate::schema::{account, passkey};
use crate::sealed::Keys;

/// What seeds are sealed for.
pub const PURPOSE: &str = "totp";

/// What proved who someone is, after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// A code of the app.
    App,
    /// A recovery code; so many are left.
    Recovery(i64),
}

impl Proof {
    /// For the audit log.
    pub fn words(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Recovery(_) => "recovery code",
        }
    }
}

/// Checks a code as typed, of the app or a recovery code, and uses it up: neither works twice.
pub fn prove(
    conn: &mut PgConnection,
    keys: &Keys,
    id: Uuid,
    typed: &str,
    now: DateTime<Utc>,
) -> Result<Option<Proof>, AppError> {
    if let Some(code) = totp::digits(typed) {
        let Some(seed) = seed(conn, keys, id)? else { return Ok(None) };
        let Some(step) = seed.step_of(&code, now) else { return Ok(None) };
        return Ok(take_step(conn, id, step)?.then_some(Proof::App));
    }
    if recovery_code::take(conn, id, typed, now)? {
        return Ok(Some(Proof::Recovery(recovery_code::left(conn, id)?)));
    }
    Ok(None)
}

fn seed(conn: &mut PgConnection, keys: &Keys, id: Uuid) -> Result<Option<Seed>, AppError> {
    let sealed: Option<Vec<u8>> = account::table.find(id).select(account::totp_seed).first(conn)?;
    let Some(sealed) = sealed else { return Ok(None) };
    Ok(Some(Seed::of(keys.open(PURPOSE, &sealed).map_err(AppError::internal)?)))
}

/// A step's code is taken once, and none before it after it.
fn take_step(conn: &mut PgConnection, id: Uuid, step: i64) -> QueryResult<bool> {
    let later = account::table.find(id).filter(account::totp_step.lt(step));
    diesel::update(later).set(account::totp_step.eq(step)).execute(conn).map(|taken| taken == 1)
}

/// Adds the app, or puts a new one in its place; `step` is that of the code that showed that it works.
pub fn set(
    conn: &mut PgConnection,
    keys: &Keys,
    id: Uuid,
    seed: &Seed,
    step: i64,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let sealed = keys.seal(PURPOSE, seed.bytes()).map_err(AppError::internal)?;
    diesel::update(account::table.find(id))
        .set((account::totp_seed.eq(sealed), account::totp_since.eq(now), account::totp_step.eq(step)))
        .execute(conn)?;
    Ok(())
}

/// Whether the password alone does not do.
pub fn is_there(conn: &mut PgConnection, id: Uuid) -> QueryResult<bool> {
    let app = account::table.find(id).filter(account::totp_seed.is_not_null());
    let passkeys = passkey::table.filter(passkey::account_id.eq(id));
    diesel::select(exists(app).or(exists(passkeys))).get_result(conn)
}

/// Takes all of it away, its recovery codes too; false: there was none.
pub fn remove(conn: &mut PgConnection, id: Uuid) -> QueryResult<bool> {
    let keys = diesel::delete(passkey::table.filter(passkey::account_id.eq(id))).execute(conn)?;
    Ok(remove_app(conn, id)? || keys > 0)
}

/// Takes the app away, and the recovery codes unless a passkey is left; false: there was none.
pub fn remove_app(conn: &mut PgConnection, id: Uuid) -> QueryResult<bool> {
    let removed = unset(conn, id)?;
    if !is_there(conn, id)? {
        recovery_code::forget(conn, id)?;
    }
    Ok(removed)
}

fn unset(conn: &mut PgConnection, id: Uuid) -> QueryResult<bool> {
    let none = (account::totp_seed.eq(None::<Vec<u8>>), account::totp_since.eq(None::<DateTime<Utc>>));
    let had = account::table.find(id).filter(account::totp_seed.is_not_null());
    diesel::update(had).set(none).execute(conn).map(|removed| removed == 1)
}
