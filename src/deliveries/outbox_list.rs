//! Messages, the latest first.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;

use crate::members::phone::Phone;
use crate::schema::message;
use crate::web::Keyset;

/// Rows of a page.
pub const PAGE: usize = 50;

/// A message as the Outbox lists it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = message)]
pub struct OutboxRow {
    /// Key; later messages have greater ones.
    pub id: i64,
    /// When.
    pub created_at: DateTime<Utc>,
    /// "sms", "email" or "push".
    pub channel: String,
    /// E.164 number or e-mail address.
    pub recipient: String,
    /// E-mail's subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// "outbox", "sent" or "failed".
    pub state: String,
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct OutboxFilter {
    /// Part of the number or address.
    pub to: Option<String>,
    /// One channel.
    pub channel: Option<String>,
    /// One state.
    pub state: Option<String>,
}

impl OutboxFilter {
    /// What was typed, as recipients are stored: a whole number in any spelling, or part of a number or address.
    pub fn recipient(typed: &str, region: &str) -> Option<String> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return None;
        }
        if let Ok(phone) = Phone::parse(&typed, region) {
            return Some(phone.as_str().to_owned());
        }
        Some(typed.chars().filter(|c| !c.is_whitespace() && *c != '\0').collect())
    }

    /// A page's rows and one more, in the keyset's direction.
    pub fn rows(&self, conn: &mut PgConnection, keyset: &Keyset) -> QueryResult<Vec<OutboxRow>> {
        let key = keyset.key().and_then(|key| key.parse::<i64>().ok());
        let mut query = self.query().select(OutboxRow::as_select()).limit(PAGE as i64 + 1);
        query = match (keyset.is_backwards(), key) {
            (true, Some(key)) => query.filter(message::id.gt(key)).order(message::id.asc()),
            (true, None) => query.order(message::id.asc()),
            (false, Some(key)) => query.filter(message::id.lt(key)).order(message::id.desc()),
            (false, None) => query.order(message::id.desc()),
        };
        query.load(conn)
    }

    /// How many there are in all pages.
    pub fn count(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        self.query().count().get_result(conn)
    }

    fn query(&self) -> message::BoxedQuery<'_, Pg> {
        let mut query = message::table.into_boxed();
        if let Some(to) = &self.to {
            let pattern = to.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
            query = query.filter(message::recipient.like(format!("%{pattern}%")));
        }
        if let Some(channel) = &self.channel {
            query = query.filter(message::channel.eq(channel));
        }
        if let Some(state) = &self.state {
            query = query.filter(message::state.eq(state));
        }
        query
    }
}
