//! A channel as it is stored: on or off, its settings, its sealed secret, and how its last messages went.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::MessageChannel;
use crate::schema::channel;
use crate::sealed::{Keys, Unreadable};

/// The row of a channel.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = channel)]
pub struct StoredChannel {
    key: String,
    /// Off: messages go to the Outbox.
    pub is_on: bool,
    settings: Value,
    secret: Option<Vec<u8>>,
    /// Messages a second over all workers; none: no limit.
    pub rate: Option<i32>,
    /// Messages that a worker may have under way at once.
    pub connections: i16,
    /// When the provider last took a message.
    pub accepted_at: Option<DateTime<Utc>>,
    /// Since when it takes none.
    pub refused_since: Option<DateTime<Utc>>,
    /// Why, in its words.
    pub refusal: Option<String>,
    /// When its settings were last saved; none: never set up.
    pub changed_at: Option<DateTime<Utc>>,
}

impl StoredChannel {
    /// Reads it.
    pub fn load(conn: &mut PgConnection, channel: MessageChannel) -> QueryResult<Self> {
        channel::table.find(channel.key()).select(Self::as_select()).first(conn)
    }

    /// Reads it; until the transaction ends no other changes its settings.
    pub fn lock(conn: &mut PgConnection, channel: MessageChannel) -> QueryResult<Self> {
        channel::table.find(channel.key()).select(Self::as_select()).for_no_key_update().first(conn)
    }

    /// All three.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        channel::table.order(channel::key).select(Self::as_select()).load(conn)
    }

    /// Which it is.
    pub fn channel(&self) -> MessageChannel {
        MessageChannel::parse(&self.key).unwrap_or(MessageChannel::Sms)
    }

    /// Whether its settings were ever saved.
    pub fn is_set_up(&self) -> bool {
        self.changed_at.is_some()
    }

    /// What may be read by all; what is missing has its default.
    pub fn settings<T: DeserializeOwned + Default>(&self) -> T {
        serde_json::from_value(self.settings.clone()).unwrap_or_default()
    }

    /// Passwords and tokens; where none are stored, the default.
    pub fn secret<T: DeserializeOwned + Default>(&self, keys: &Keys) -> Result<T, Unreadable> {
        let Some(sealed) = &self.secret else { return Ok(T::default()) };
        let plain = keys.open(&purpose(&self.key), sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Unreadable)
    }

    /// Stores what a form of settings says: whether it is on, how fast, its own settings and secrets; without secrets
    /// (null) they stay as they are.
    pub fn store<S: Serialize, P: Serialize>(
        conn: &mut PgConnection,
        keys: &Keys,
        of: MessageChannel,
        pace: &Pace,
        (settings, secret): (&S, &P),
        now: DateTime<Utc>,
    ) -> QueryResult<()> {
        let wrong = |error: &dyn std::fmt::Display| diesel::result::Error::SerializationError(error.to_string().into());
        let settings = serde_json::to_value(settings).map_err(|error| wrong(&error))?;
        let secret = serde_json::to_value(secret).map_err(|error| wrong(&error))?;
        let sealed = match secret {
            // as it was
            Value::Null => None,
            secret => {
                let plain = secret.to_string();
                Some(keys.seal(&purpose(of.key()), plain.as_bytes()).map_err(|error| wrong(&error))?)
            }
        };
        diesel::update(channel::table.find(of.key()))
            .set((
                channel::is_on.eq(pace.is_on),
                channel::rate.eq(pace.rate),
                channel::connections.eq(pace.connections),
                channel::settings.eq(settings),
                sealed.map(|sealed| channel::secret.eq(sealed)),
                // what was refused with the settings before says nothing about these
                channel::refused_since.eq(None::<DateTime<Utc>>),
                channel::refusal.eq(None::<String>),
                channel::changed_at.eq(now),
            ))
            .execute(conn)
            .map(|_| ())
    }
}

/// Whether a channel sends, and how fast.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Off: messages go to the Outbox.
    pub is_on: bool,
    /// Messages a second over all workers; none: no limit.
    pub rate: Option<i32>,
    /// Messages that a worker may have under way at once.
    pub connections: i16,
}

impl StoredChannel {
    /// As stored.
    pub fn pace(&self) -> Pace {
        Pace { is_on: self.is_on, rate: self.rate, connections: self.connections }
    }
}

/// Notes that the provider took a message.
pub fn note_accepted(conn: &mut PgConnection, of: MessageChannel, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::update(channel::table.find(of.key()))
        .set((
            channel::accepted_at.eq(now),
            channel::refused_since.eq(None::<DateTime<Utc>>),
            channel::refusal.eq(None::<String>),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Notes that the provider does not take messages, and why; since when, if that is new.
pub fn note_refused(conn: &mut PgConnection, of: MessageChannel, why: &str, now: DateTime<Utc>) -> QueryResult<()> {
    use diesel::dsl::sql;
    use diesel::sql_types::{Nullable, Timestamptz};
    diesel::update(channel::table.find(of.key()))
        .set((
            channel::refused_since
                .eq(sql::<Nullable<Timestamptz>>("coalesce(refused_since, ").bind::<Timestamptz, _>(now).sql(")")),
            channel::refusal.eq(why),
        ))
        .execute(conn)
        .map(|_| ())
}

/// What a channel's secret is sealed for.
fn purpose(key: &str) -> String {
    format!("channel {key}")
}
