//! Recovery codes: each signs in once where the second factor is not at hand. Shown when they are made; only their
//! hashes are stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use rand::RngExt;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::schema::recovery_code;

/// How many there are at a time.
pub const COUNT: usize = 10;
/// Letters and digits of one: 118 bits, so that a quick hash will do.
const LENGTH: usize = 24;
/// Without look-alikes.
const ALPHABET: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// One of them, as it is shown: four groups of six.
fn random() -> String {
    let mut rng = rand::rng();
    let letters: Vec<char> = (0..LENGTH).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect();
    letters.chunks(6).map(String::from_iter).collect::<Vec<_>>().join("-")
}

/// As typed: case, blanks and dashes make no difference.
fn folded(typed: &str) -> Option<String> {
    let code = typed.to_uppercase().chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
    (code.len() == LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte))).then_some(code)
}

fn hash(folded: &str) -> Vec<u8> {
    Sha256::digest(folded.as_bytes()).to_vec()
}

/// New ones in the place of all before.
pub fn renew(conn: &mut PgConnection, account: Uuid) -> QueryResult<Vec<String>> {
    forget(conn, account)?;
    let codes: Vec<String> = (0..COUNT).map(|_| random()).collect();
    let rows = codes
        .iter()
        .filter_map(|code| folded(code))
        .map(|code| (recovery_code::account_id.eq(account), recovery_code::code_hash.eq(hash(&code))));
    let rows: Vec<_> = rows.collect();
    diesel::insert_into(recovery_code::table).values(rows).execute(conn)?;
    Ok(codes)
}

/// Takes them all away.
pub fn forget(conn: &mut PgConnection, account: Uuid) -> QueryResult<()> {
    let own = recovery_code::table.filter(recovery_code::account_id.eq(account));
    diesel::delete(own).execute(conn).map(|_| ())
}

/// How many are left.
pub fn left(conn: &mut PgConnection, account: Uuid) -> QueryResult<i64> {
    let unused = recovery_code::account_id.eq(account).and(recovery_code::used_at.is_null());
    recovery_code::table.filter(unused).count().get_result(conn)
}

/// Uses one; whoever comes with the same one waits for its row and finds it used.
pub fn take(conn: &mut PgConnection, account: Uuid, typed: &str, now: DateTime<Utc>) -> QueryResult<bool> {
    let Some(code) = folded(typed) else { return Ok(false) };
    let unused = recovery_code::table.find((account, hash(&code))).filter(recovery_code::used_at.is_null());
    diesel::update(unused).set(recovery_code::used_at.eq(now)).execute(conn).map(|taken| taken == 1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_code_is_read_in_any_spelling() {
        let code = random();
        assert_eq!(code.len(), LENGTH + 3);
        let plain = code.replace('-', "");
        assert_eq!(folded(&code).unwrap(), plain);
        assert_eq!(folded(&format!(" {} ", plain.to_lowercase())).unwrap(), plain);
        for wrong in ["", "123456", &plain[1..], &format!("{plain}A"), "O0O0O0-O0O0O0-O0O0O0-O0O0O0"] {
            assert_eq!(folded(wrong), None, "{wrong}");
        }
    }
}
