//! What a password's hash costs: argon2id, its parameters from the configuration.

use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2::password_hash::{self, PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use clap::Args;

use super::password::Password;

/// How slow a guess is made: by default what OWASP advises, about 15 ms.
#[derive(Args, Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashCost {
    /// Memory for the hash of a password, in KiB. Whoever signs in gets a new hash when this or the next two have changed.
    #[arg(long = "argon2-memory", env = "MUSTER_ARGON2_MEMORY", default_value_t = 19_456, value_parser = clap::value_parser!(u32).range(7_168..=1_048_576))]
    pub memory: u32,

    /// Passes over that memory.
    #[arg(long = "argon2-passes", env = "MUSTER_ARGON2_PASSES", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub passes: u32,

    /// Lanes of the hash.
    #[arg(long = "argon2-lanes", env = "MUSTER_ARGON2_LANES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=16))]
    pub lanes: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory: 19_456, passes: 2, lanes: 1 }
    }
}

impl HashCost {
    /// Hashes with a salt of its own, as stored. Slow on purpose: call it where blocking is allowed.
    pub fn hash(self, password: &Password) -> password_hash::Result<String> {
        let _turn = turn();
        self.hasher()?.hash_password(password.as_bytes()).map(|hash| hash.to_string())
    }

    /// Whether what was typed is the password that was stored; as slow for an account that has none, or for none: a
    /// stranger must not learn from the time who has one.
    pub fn verify(self, typed: &str, stored: Option<&str>) -> bool {
        let Some(hash) = stored.and_then(|stored| PasswordHash::new(stored).ok()) else {
            return self.verify_none(typed);
        };
        let _turn = turn();
        self.hasher().is_ok_and(|hasher| hasher.verify_password(short(typed), &hash).is_ok())
    }

    fn verify_none(self, typed: &str) -> bool {
        let _turn = turn();
        let made = self.hasher().and_then(|hasher| hasher.hash_password_with_salt(short(typed), b"nobody's account"));
        drop(std::hint::black_box(made));
        false
    }

    /// Whether a stored hash was made at this cost.
    pub fn is_of(self, stored: &str) -> bool {
        let params = PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
        params
            .is_some_and(|made| (made.m_cost(), made.t_cost(), made.p_cost()) == (self.memory, self.passes, self.lanes))
    }

    fn hasher(self) -> password_hash::Result<Argon2<'static>> {
        let params = Params::new(self.memory, self.passes, self.lanes, None);
        let params = params.map_err(|_| password_hash::Error::ParamsInvalid)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }
}

/// One hash at a time: each takes its memory, and many sign-ins at once must not fill the machine's.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// No stored password is longer, so what lies beyond cannot match and need not be hashed.
fn short(typed: &str) -> &[u8] {
    // characters of at most four bytes, and one more so that a longer text stays different
    &typed.as_bytes()[..typed.len().min(Password::LONGEST * 4 + 1)]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const COST: HashCost = HashCost { memory: 7_168, passes: 1, lanes: 1 };

    #[test]
    fn only_the_right_password_is_verified() {
        let password = Password::known("muster-demo");
        let stored = HashCost::default().hash(&password).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, HashCost::default().hash(&password).unwrap(), "each hash has its own salt");
        for cost in [HashCost::default(), COST] {
            assert!(cost.verify("muster-demo", Some(&stored)), "a hash of another cost is read too");
            for typed in ["muster-demO", "muster-demo ", "", &"a".repeat(5_000)] {
                assert!(!cost.verify(typed, Some(&stored)));
            }
        }
        assert!(!COST.verify("muster-demo", Some("no hash")) && !COST.verify("", Some("")) && !COST.verify("x", None));
        let longest = Password::known(&"😀".repeat(200));
        let stored = COST.hash(&longest).unwrap();
        assert!(COST.verify(&"😀".repeat(200), Some(&stored)) && !COST.verify(&"😀".repeat(201), Some(&stored)));
    }

    #[test]
    fn a_hash_tells_what_it_cost() {
        let stored = COST.hash(&Password::known("muster-demo")).unwrap();
        assert!(COST.is_of(&stored));
        for other in [HashCost { memory: 8_192, ..COST }, HashCost { passes: 2, ..COST }, HashCost { lanes: 2, ..COST }]
        {
            assert!(!other.is_of(&stored));
        }
        assert!(!COST.is_of("no hash"));
    }
}
