//! Sign-ins that came to nothing: counted by the minute, and written into the audit log by the worker. However many
//! there are, the log gets a few lines a minute; of an e-mail address that is nobody's nothing is kept.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Text, Timestamptz};
use uuid::Uuid;

use crate::Muster;
use crate::db::Kept;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::web::SaveError;

/// Who was to be signed in.
#[derive(Debug, Clone)]
pub enum Whose {
    /// Whoever signs in with this address, if anyone does.
    Email(String),
    /// A dashboard user.
    Account(Uuid),
    /// A member, in the app.
    Member(MemberId),
    /// It is not known.
    Nobody,
}

/// Why it came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The password was wrong, or there is no such dashboard user.
    Password,
    /// The code of the second factor was wrong.
    Factor,
    /// The passkey was not accepted.
    Passkey,
    /// A one-time code of the member app was wrong.
    Code,
    /// What the organisation's sign-in said was not accepted.
    OpenId,
    /// Tried too often.
    Throttled,
}

impl Why {
    /// As the audit log tells it.
    fn words(self) -> &'static str {
        match self {
            Self::Password => "wrong password",
            Self::Factor => "wrong second factor",
            Self::Passkey => "passkey not accepted",
            Self::Code => "wrong one-time code",
            Self::OpenId => "refused after the organisation's sign-in",
            Self::Throttled => "too many tries",
        }
    }
}

/// Whether it was refused because there were too many tries.
pub fn is_throttled<T>(tried: &Result<T, SaveError>) -> bool {
    matches!(tried, Err(SaveError::Failed(AppError::TooManyRequests(_))))
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Failed {
    /// Who was to be signed in.
    pub whose: Whose,
    /// Why not.
    pub why: Why,
    /// From where.
    pub address: String,
    /// When.
    pub now: DateTime<Utc>,
}

impl Failed {
    /// Counts it, if it is one.
    pub async fn noted(self, muster: &Muster, has_failed: bool) -> Result<(), AppError> {
        if !has_failed {
            return Ok(());
        }
        muster.db.write(move |conn| Ok(self.note(conn)?)).await
    }

    /// Counts it: the same statement, and as long, whether someone has this address or not.
    pub fn note(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let (email, subject) = match &self.whose {
            Whose::Email(email) => (email.replace('\0', ""), String::new()),
            Whose::Account(id) => (String::new(), format!("account {id}")),
            Whose::Member(id) => (String::new(), format!("member {id}")),
            Whose::Nobody => (String::new(), String::new()),
        };
        Kept(
            sql_query(
                "INSERT INTO failed_sign_in AS f (minute, subject, why, address, tries)
                 SELECT date_trunc('minute', $1), coalesce('account ' || account.id, $3),
                   CASE WHEN account.disabled_at IS NULL THEN $4 ELSE 'the account is disabled' END, $5, 1
                 FROM (VALUES ($2)) AS sought (email) LEFT JOIN account ON account.email = sought.email
                 ON CONFLICT (minute, subject, why, address) DO UPDATE SET tries = least(f.tries, 1000000000) + 1",
            )
            .bind::<Timestamptz, _>(self.now)
            .bind::<Text, _>(email)
            .bind::<Text, _>(subject)
            .bind::<Text, _>(self.why.words())
            .bind::<Text, _>(&self.address),
        )
        .execute(conn)
        .map(|_| ())
    }
}
