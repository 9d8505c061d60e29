//! The sessions of a dashboard user, as they are listed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::schema::session;
use crate::sessions::Device;

/// One of them.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = session)]
pub struct SessionRow {
    /// Names it; the key is the visitor's.
    pub id: Uuid,
    /// Where from.
    pub address: String,
    user_agent: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// To the minute.
    pub last_seen_at: Option<DateTime<Utc>>,
}

impl SessionRow {
    /// Those that live, the one used last first.
    pub fn of(conn: &mut PgConnection, account: Uuid, now: DateTime<Utc>) -> QueryResult<Vec<Self>> {
        session::table
            .filter(session::account_id.eq(account).and(session::expires_at.gt(now)))
            .order((session::last_seen_at.desc().nulls_last(), session::created_at.desc(), session::id))
            .select(Self::as_select())
            .load(conn)
    }

    /// "Firefox on Windows".
    pub fn browser(&self) -> String {
        Device { address: String::new(), user_agent: self.user_agent.clone() }.words()
    }

    /// When it was used last.
    pub fn seen_at(&self) -> &DateTime<Utc> {
        self.last_seen_at.as_ref().unwrap_or(&self.created_at)
    }
}
