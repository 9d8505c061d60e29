//! Passwords of dashboard users: argon2id with the parameters that OWASP advises.

use argon2::password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A password that may be set: 10 to 200 characters, kept exactly as typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    pub const MIN: usize = 10;
    pub const MAX: usize = 200;

    pub fn parse(raw: &str) -> Result<Password, String> {
        if raw.trim().is_empty() {
            return Err("Enter a password".to_owned());
        }
        match raw.chars().count() {
            n if n < Self::MIN => Err(format!("Use at least {} characters", Self::MIN)),
            n if n > Self::MAX => Err(format!("Use at most {} characters", Self::MAX)),
            _ => Ok(Password(raw.to_owned())),
        }
    }

    /// Hashed with a salt of its own, as stored. Takes about 15 ms: call it where blocking is allowed.
    pub fn hash(&self) -> password_hash::Result<String> {
        let _turn = turn();
        hasher()?.hash_password(self.0.as_bytes()).map(|hash| hash.to_string())
    }
}

/// Never shows up in a log.
impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether what was typed is the password that was stored.
pub fn verify(typed: &str, stored: &str) -> bool {
    let Ok(hash) = PasswordHash::new(stored) else {
        return verify_none(typed);
    };
    let _turn = turn();
    hasher().is_ok_and(|hasher| hasher.verify_password(short(typed), &hash).is_ok())
}

/// Takes as long as `verify` and says no: a stranger must not learn from the time who has an account.
pub fn verify_none(typed: &str) -> bool {
    let _turn = turn();
    let made = hasher().and_then(|hasher| hasher.hash_password_with_salt(short(typed), b"nobody's account"));
    drop(std::hint::black_box(made));
    false
}

fn hasher() -> password_hash::Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_| password_hash::Error::ParamsInvalid)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// One hash at a time: each takes 19 MiB, and many sign-ins at once must not fill the memory.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// No stored password is longer, so what lies beyond cannot match and need not be hashed.
fn short(typed: &str) -> &[u8] {
    // 200 characters of at most four bytes, and one more so that a longer text stays different.
    &typed.as_bytes()[..typed.len().min(Password::MAX * 4 + 1)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_password_is_long_enough_and_kept_as_typed() {
        assert_eq!(Password::parse("muster-demo").unwrap().0, "muster-demo");
        assert_eq!(Password::parse(" spaces count ").unwrap().0, " spaces count ");
        assert_eq!(Password::parse("☕☕☕☕☕☕☕☕☕").unwrap_err(), "Use at least 10 characters");
        assert_eq!(Password::parse(&" ".repeat(12)).unwrap_err(), "Enter a password");
        assert_eq!(Password::parse("").unwrap_err(), "Enter a password");
        assert_eq!(Password::parse(&"a".repeat(201)).unwrap_err(), "Use at most 200 characters");
        assert_eq!(format!("{:?}", Password::parse("muster-demo").unwrap()), "Password(…)");
    }

    #[test]
    fn only_the_right_password_is_verified() {
        let password = Password::parse("muster-demo").unwrap();
        let stored = password.hash().unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, password.hash().unwrap(), "each hash has its own salt");
        assert!(verify("muster-demo", &stored));
        for typed in ["muster-demO", "muster-demo ", "", &"a".repeat(5_000)] {
            assert!(!verify(typed, &stored));
        }
        assert!(!verify("muster-demo", "no hash") && !verify("", "") && !verify_none("muster-demo"));
        let longest = Password::parse(&"😀".repeat(200)).unwrap();
        let stored = longest.hash().unwrap();
        assert!(verify(&"😀".repeat(200), &stored) && !verify(&"😀".repeat(201), &stored));
    }

    #[test]
    fn an_unknown_account_takes_as_long_as_a_known_one() {
        let stored = Password::parse("muster-demo").unwrap().hash().unwrap();
        let fastest = |check: &dyn Fn() -> bool| {
            (0..5)
                .map(|_| {
                    let start = Instant::now();
                    check();
                    start.elapsed()
                })
                .min()
                .unwrap()
                .as_secs_f64()
        };
        let ratio = fastest(&|| verify("wrong", &stored)) / fastest(&|| verify_none("wrong"));
        assert!((0.2..5.0).contains(&ratio), "{ratio}");
    }
}
