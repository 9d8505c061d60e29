//! Entries of the audit log, collected in any order and written in that of their time.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};
use serde_json::Value;

use crate::audit::{self, Actor, Change, Subject};

/// What is to be written.
#[derive(Default)]
pub struct Diary(Vec<Entry>);

struct Entry {
    at: DateTime<Utc>,
    actor: Actor,
    subject: Subject,
    change: Change,
}

impl Diary {
    /// Notes something with its values before and after.
    pub fn note(
        &mut self,
        at: DateTime<Utc>,
        actor: &Actor,
        subject: Subject,
        action: &'static str,
        (before, after): (Option<Value>, Option<Value>),
    ) {
        self.0.push(Entry { at, actor: actor.clone(), subject, change: Change { action, before, after } });
    }

    /// Appends all of it to the log.
    pub fn write(mut self, conn: &mut PgConnection) -> QueryResult<()> {
        self.0.sort_by_key(|entry| entry.at);
        self.0.iter().try_for_each(|entry| audit::append(conn, &entry.actor, entry.at, &entry.subject, &entry.change))
    }
}
