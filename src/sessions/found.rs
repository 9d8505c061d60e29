//! Who a session's key belongs to, and what a guard needs to know of them: one query for every page.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Binary, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use serde_json::Value;
use uuid::Uuid;

use super::visitor::SignedIn;
use crate::db::Kept;
use crate::schema::session;

/// How often it is noted that a session is in use.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// A session of the dashboard.
#[derive(QueryableByName)]
pub(super) struct Found {
    #[diesel(sql_type = Jsonb)]
    pub state: Value,
    #[diesel(sql_type = SqlUuid)]
    session: Uuid,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    last_seen_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Bool)]
    lacks_factor: bool,
    #[diesel(sql_type = Bool)]
    sees_personal_data: bool,
}

impl Found {
    /// The live session with this key, if its account may sign in. A second factor is lacking where one is required of
    /// someone who signs in with a password.
    pub fn with(conn: &mut PgConnection, key: &[u8], now: DateTime<Utc>) -> QueryResult<Option<Self>> {
        Kept(
            sql_query(
                "SELECT s.state, s.id AS session, s.last_seen_at, a.id, a.name, a.email, a.role, a.sees_personal_data,
                   (a.requires_second_factor OR (SELECT requires_second_factor FROM setting))
                     AND a.password_hash IS NOT NULL AND a.totp_seed IS NULL
                     AND NOT EXISTS (SELECT FROM passkey WHERE account_id = a.id) AS lacks_factor
                 FROM session AS s JOIN account AS a ON a.id = s.account_id AND a.disabled_at IS NULL
                 WHERE s.key_hash = $1 AND s.expires_at > $2",
            )
            .bind::<Binary, _>(key)
            .bind::<Timestamptz, _>(now),
        )
        .get_result(conn)
        .optional()
    }

    /// Whether it is time to note that it is in use.
    pub fn is_to_be_noted(&self, now: DateTime<Utc>) -> bool {
        self.last_seen_at.is_none_or(|seen| now - seen >= NOTED_EVERY)
    }

    /// Who it is.
    pub fn who(&self) -> SignedIn {
        let mut who = SignedIn::new(self.id, self.name.clone(), self.email.clone(), &self.role);
        (who.session, who.lacks_factor) = (self.session, self.lacks_factor);
        who.sees_personal_data = self.sees_personal_data;
        who
    }
}

/// Notes that a session is in use, unless another request just did.
pub(super) fn note(conn: &mut PgConnection, key: &[u8], now: DateTime<Utc>) -> QueryResult<()> {
    let stale = session::last_seen_at.is_null().or(session::last_seen_at.le(now - NOTED_EVERY));
    diesel::update(session::table.find(key.to_vec()).filter(stale))
        .set(session::last_seen_at.eq(now))
        .execute(conn)
        .map(|_| ())
}
