//! How often a sign-in, a code or a reset may be tried.

use chrono::{DateTime, Duration, Utc};
use diesel::PgConnection;

use crate::error::AppError;
use crate::web::SaveError;
use crate::web::throttle::Limit;

/// What guessing would pay for: so often for one account, and from one address for any.
#[derive(Debug, Clone, Copy)]
pub struct Tries {
    what: &'static str,
    per_account: i32,
    per_address: i32,
}

/// Wrong passwords.
pub const PASSWORDS: Tries = Tries { what: "sign-in", per_account: 10, per_address: 50 };
/// Codes of a second factor: one in a million, and three are right at a time.
pub const CODES: Tries = Tries { what: "second factor", per_account: 6, per_address: 50 };
/// Passwords asked again of someone who is signed in.
pub const CONFIRMATIONS: Tries = Tries { what: "confirmation", per_account: 10, per_address: 50 };
/// Passkeys asked for.
pub const PASSKEYS: Tries = Tries { what: "passkey", per_account: 50, per_address: 50 };
/// Visits to the organisation's sign-in.
pub const OPENID: Tries = Tries { what: "openid", per_account: 50, per_address: 50 };
/// Links asked for.
pub const RESETS: Tries = Tries { what: "password reset", per_account: 3, per_address: 20 };

const WINDOW: Duration = Duration::minutes(15);

impl Tries {
    /// Counts a try of `account` (an e-mail or a key) from `address`; refuses it when there were too many. Counted
    /// before what is tried, so that parallel guesses cannot slip through.
    pub fn count(
        self,
        conn: &mut PgConnection,
        account: &str,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), SaveError> {
        let keys = [(self.per_account, self.key(account)), (self.per_address, self.key(address))];
        for (tries, key) in keys {
            let limit = Limit { tries, window: WINDOW };
            if limit.count(conn, &key, now)? > limit.tries {
                return Err(AppError::TooManyRequests(limit.wait(conn, &key, now)?.unwrap_or(60)).into());
            }
        }
        Ok(())
    }

    /// Forgets those of an account, after a success; not the address's: or one own account would buy any number of
    /// guesses at others.
    pub fn forget(self, conn: &mut PgConnection, account: &str) -> Result<(), SaveError> {
        Ok(Limit::forget(conn, &self.key(account))?)
    }

    fn key(self, whose: &str) -> String {
        format!("{} {}", self.what, whose.chars().filter(|c| *c != '\0').take(254).collect::<String>())
    }
}
