//! An address for reports with a secret that is not ours: not found, and soon not answered.

use chrono::{DateTime, Duration, Utc};
use diesel::PgConnection;

use crate::error::AppError;
use crate::web::throttle::Limit;

/// Wrong secrets from one address.
const WRONG: Limit = Limit { tries: 20, window: Duration::minutes(10) };

/// Whether it is the one, in a time that tells nothing of it.
pub fn is_it(secret: &str, sent: &str) -> bool {
    !secret.is_empty()
        && secret.len() == sent.len()
        && secret.bytes().zip(sent.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// Counts the try.
pub fn refuse(conn: &mut PgConnection, address: &str, now: DateTime<Utc>) -> Result<AppError, AppError> {
    let key = format!("report with a wrong secret from {address}");
    let tries = WRONG.count(conn, &key, now)?;
    if tries <= WRONG.tries {
        return Ok(AppError::NotFound);
    }
    Ok(AppError::TooManyRequests(WRONG.wait(conn, &key, now)?.unwrap_or(60)))
}
