//! All that is due, at once and on this thread: for tests, and for whoever has no threads to spare.

use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::bulk;
use crate::error::AppError;
use crate::sealed::Keys;

/// One step; true if there was something to do and there may be more. Rates are not waited for.
pub fn run_once(conn: &mut PgConnection, _keys: &Keys, now: DateTime<Utc>) -> Result<bool, AppError> {
    Ok(bulk::settle_next(conn, now)?)
}
