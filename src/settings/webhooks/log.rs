//! Deliveries to a webhook, those of the latest events first.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::schema::{webhook_delivery, webhook_event};
use crate::web::{Keyset, Slice};

/// Rows of a page.
const PAGE: usize = 50;

/// States to filter by: key and label.
pub const STATES: [(&str, &str); 3] = [("waiting", "Waiting"), ("delivered", "Delivered"), ("failed", "Failed")];

/// One event on its way, or there.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    /// Place of its event.
    pub event: i64,
    /// Key of its kind.
    pub kind: String,
    /// When it happened.
    pub at: DateTime<Utc>,
    state: String,
    /// So far.
    pub attempts: i16,
    next_attempt_at: DateTime<Utc>,
    /// The last attempt.
    pub attempted_at: Option<DateTime<Utc>>,
    /// HTTP status of its answer.
    pub status: Option<i16>,
    /// What went wrong.
    pub error: Option<String>,
}

impl Entry {
    /// A page of them; `state`: one of `STATES`, else all.
    pub fn page(conn: &mut PgConnection, webhook: i64, state: &str, keyset: &Keyset) -> QueryResult<Slice<Self>> {
        let mut query = selected().filter(webhook_delivery::webhook_id.eq(webhook)).into_boxed();
        query = match state {
            "waiting" => query.filter(webhook_delivery::state.eq_any(["queued", "sending"])),
            "delivered" => query.filter(webhook_delivery::state.eq("delivered")),
            "failed" => query.filter(webhook_delivery::state.eq("failed")),
            _ => query,
        };
        let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
        query = match (key, keyset.is_backwards()) {
            (Some(key), true) => query.filter(webhook_delivery::event_id.gt(key)),
            (Some(key), false) => query.filter(webhook_delivery::event_id.lt(key)),
            (None, _) => query,
        };
        query = match keyset.is_backwards() {
            true => query.order(webhook_delivery::event_id.asc()),
            false => query.order(webhook_delivery::event_id.desc()),
        };
        let rows = query.limit(i64::try_from(PAGE + 1).unwrap_or(51)).load(conn)?;
        Ok(Slice::cut(rows, keyset, PAGE, |row: &Self| row.event.to_string()))
    }

    /// That of one event, or not found.
    pub fn find(conn: &mut PgConnection, webhook: i64, event: i64) -> QueryResult<Self> {
        selected()
            .filter(webhook_delivery::webhook_id.eq(webhook).and(webhook_delivery::event_id.eq(event)))
            .first(conn)
    }

    /// A word, and its tone.
    pub fn state(&self) -> (&'static str, &'static str) {
        match (self.state.as_str(), self.attempts) {
            ("delivered", _) => ("Delivered", "good"),
            ("failed", _) => ("Failed", "stop"),
            ("queued", attempts) if attempts > 0 => ("Trying again", "warn"),
            _ => ("Waiting", "info"),
        }
    }

    /// When it is tried again.
    pub fn next_attempt(&self) -> Option<DateTime<Utc>> {
        (self.state == "queued" && self.attempts > 0).then_some(self.next_attempt_at)
    }

    /// What was answered the last time.
    pub fn answer(&self) -> String {
        match (&self.error, self.status) {
            (Some(error), _) => error.clone(),
            (None, Some(status)) => format!("HTTP {status}"),
            (None, None) => String::new(),
        }
    }
}

#[diesel::dsl::auto_type]
fn selected() -> _ {
    webhook_delivery::table
        .inner_join(webhook_event::table.on(webhook_event::id.eq(webhook_delivery::event_id)))
        .select((
            webhook_delivery::event_id,
            webhook_event::kind,
            webhook_event::at,
            webhook_delivery::state,
            webhook_delivery::attempts,
            webhook_delivery::next_attempt_at,
            webhook_delivery::attempted_at,
            webhook_delivery::status,
            webhook_delivery::error,
        ))
}
