//! What a key is asked to sign: fresh, for one ceremony, used up by it.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use rand::RngExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::schema::passkey_challenge;

/// As long as one looks for a key.
const LIFE: Duration = Duration::minutes(5);

/// A fresh one; `account`: who adds a key, or signs in with it after the password.
pub fn begin(conn: &mut PgConnection, account: Option<Uuid>, now: DateTime<Utc>) -> QueryResult<Vec<u8>> {
    let challenge: [u8; 32] = rand::rng().random();
    diesel::delete(passkey_challenge::table.filter(passkey_challenge::expires_at.le(now))).execute(conn)?;
    let values = (
        passkey_challenge::hash.eq(Sha256::digest(challenge).to_vec()),
        passkey_challenge::account_id.eq(account),
        passkey_challenge::expires_at.eq(now + LIFE),
    );
    diesel::insert_into(passkey_challenge::table).values(values).execute(conn)?;
    Ok(challenge.to_vec())
}

/// Uses it up; false: there is none for this, or it is too old, or was used.
pub fn take(conn: &mut PgConnection, challenge: &[u8], account: Option<Uuid>, now: DateTime<Utc>) -> QueryResult<bool> {
    let own = passkey_challenge::account_id.is_not_distinct_from(account);
    let open = passkey_challenge::table
        .find(Sha256::digest(challenge).to_vec())
        .filter(own.and(passkey_challenge::expires_at.gt(now)));
    diesel::delete(open).execute(conn).map(|taken| taken == 1)
}
