//! Keys as the list tells them; of what they open only the last characters.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::api::Scope;
use crate::audit::Subject;
use crate::schema::{account, api_key};

/// Rows that are shown; a programme has a key for each till, and keeps the revoked ones on record.
pub const MOST: i64 = 1_000;

/// A key.
#[derive(Debug, Clone, Queryable)]
pub struct KeyRow {
    /// Key of its row.
    pub id: i64,
    /// "Till 3".
    pub name: String,
    scope: String,
    /// Empty: none.
    pub shop: String,
    hint: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<String>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From this address.
    pub last_used_from: String,
    /// The one before; works until then.
    old_hint: Option<String>,
    old_until: Option<DateTime<Utc>>,
    /// It works no more.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl KeyRow {
    /// Those that work first, each part the latest first.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        selected().order((api_key::revoked_at.is_not_null(), api_key::id.desc())).limit(MOST).load(conn)
    }

    /// The key with this row; until the transaction ends no other changes it.
    pub fn lock(conn: &mut PgConnection, id: i64) -> QueryResult<Self> {
        api_key::table.find(id).select(api_key::id).for_no_key_update().first::<i64>(conn)?;
        Self::find(conn, id)
    }

    /// The key with this row.
    pub fn find(conn: &mut PgConnection, id: i64) -> QueryResult<Self> {
        selected().filter(api_key::id.eq(id)).first(conn)
    }

    /// What it is for.
    pub fn scope(&self) -> &'static str {
        Scope::parse(&self.scope).map_or("Unknown", Scope::label)
    }

    /// Its last characters.
    pub fn hint(&self) -> String {
        format!("…{}", self.hint)
    }

    /// Whether it works.
    pub fn is_live(&self) -> bool {
        self.revoked_at.is_none()
    }

    /// One word, and its tone.
    pub fn state(&self) -> (&'static str, &'static str) {
        if self.is_live() { ("Active", "good") } else { ("Revoked", "quiet") }
    }

    /// The one before, while it works: its last characters and until when.
    pub fn old(&self, now: &DateTime<Utc>) -> Option<(String, DateTime<Utc>)> {
        let until = self.old_until.filter(|until| until > now && self.is_live())?;
        self.old_hint.as_ref().map(|hint| (format!("…{hint}"), until))
    }

    /// For the audit log.
    pub fn subject(&self) -> Subject {
        Subject::new("api_key", self.id, self.name.clone())
    }
}

#[diesel::dsl::auto_type]
fn selected() -> _ {
    api_key::table.left_join(account::table.on(api_key::created_by.eq(account::id.nullable()))).select((
        api_key::id,
        api_key::name,
        api_key::scope,
        api_key::shop,
        api_key::hint,
        api_key::created_at,
        account::name.nullable(),
        api_key::last_used_at,
        api_key::last_used_from,
        api_key::old_hint,
        api_key::old_until,
        api_key::revoked_at,
    ))
}
