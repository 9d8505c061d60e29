//! A webhook: where events are sent, which of them, and how it does.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use super::Kind;
use crate::audit::Subject;
use crate::schema::{account, webhook};

/// So many there can be.
pub const MOST: i64 = 50;

/// As stored, but for its secrets.
#[derive(Debug, Clone, Queryable)]
pub struct Webhook {
    /// Key.
    pub id: i64,
    /// Where events are sent.
    pub url: String,
    /// What it is for; empty: nobody said.
    pub description: String,
    /// Keys of kinds; empty: all.
    pub kinds: Vec<String>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: Option<String>,
    /// Since when nothing is sent.
    pub disabled_at: Option<DateTime<Utc>>,
    disabled_why: Option<String>,
    /// Since when no attempt has succeeded.
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when the secret before signs too.
    pub old_until: Option<DateTime<Utc>>,
}

impl Webhook {
    /// All, those that send first.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        selected().order((webhook::disabled_at.is_not_null(), webhook::id)).load(conn)
    }

    /// The one with this key, or not found.
    pub fn find(conn: &mut PgConnection, id: i64) -> QueryResult<Self> {
        selected().filter(webhook::id.eq(id)).first(conn)
    }

    /// The same; until the transaction ends nobody else changes it.
    pub fn lock(conn: &mut PgConnection, id: i64) -> QueryResult<Self> {
        webhook::table.find(id).select(webhook::id).for_no_key_update().first::<i64>(conn)?;
        Self::find(conn, id)
    }

    /// What it is called: its description, or the host that it leads to.
    pub fn name(&self) -> &str {
        if self.description.is_empty() { self.host() } else { &self.description }
    }

    fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.split(['/', '?']).next().unwrap_or(rest)
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/settings/webhooks/{}", self.id)
    }

    /// What it is told.
    pub fn kinds_in_words(&self) -> String {
        if self.kinds.is_empty() { "All events".into() } else { self.kinds.join(", ") }
    }

    /// Whether it wants events of this kind.
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|key| key == kind.key())
    }

    /// Whether events are sent.
    pub fn is_on(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Since when it fails, unless it is off, or failed but a moment ago: one refusal is no trouble yet.
    pub fn failing_for_a_while(&self, now: &DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.failing_since.filter(|since| self.is_on() && *now - *since >= Duration::minutes(5))
    }

    /// A word, and its tone.
    pub fn state(&self, now: &DateTime<Utc>) -> (&'static str, &'static str) {
        if !self.is_on() {
            ("Disabled", "quiet")
        } else if self.failing_for_a_while(now).is_some() {
            ("Failing", "stop")
        } else {
            ("Active", "good")
        }
    }

    /// Why it is disabled.
    pub fn disabled_words(&self) -> &'static str {
        match self.disabled_why.as_deref() {
            Some("failing") => "It did not answer for three days.",
            Some("gone") => "Its receiver answered that it is gone for good (HTTP 410).",
            _ => "It was disabled by hand.",
        }
    }

    /// For the audit log.
    pub fn subject(&self) -> Subject {
        Subject::new("webhook", self.id, self.name())
    }
}

#[diesel::dsl::auto_type]
fn selected() -> _ {
    webhook::table.left_join(account::table.on(webhook::created_by.eq(account::id.nullable()))).select((
        webhook::id,
        webhook::url,
        webhook::description,
        webhook::kinds,
        webhook::created_at,
        account::name.nullable(),
        webhook::disabled_at,
        webhook::disabled_why,
        webhook::failing_since,
        webhook::old_until,
    ))
}
