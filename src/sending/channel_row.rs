//! A channel as it is set up.

use std::sync::Arc;

use diesel::prelude::*;
use serde::de::DeserializeOwned;

use crate::channels::MessageChannel;
use crate::schema::{channel, setting};
use crate::sealed::Keys;
use crate::settings::Organisation;

/// What a transport is made from: equal as long as nothing was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRow {
    /// Which.
    pub channel: MessageChannel,
    /// As stored by the channel's page.
    pub settings: serde_json::Value,
    /// Sealed.
    pub secret: Option<Vec<u8>>,
    /// Messages a second over all workers.
    pub rate: Option<i32>,
    /// Messages that a worker may have under way at once.
    pub connections: i16,
    /// For whom it sends.
    pub organisation: Arc<Organisation>,
    /// Where links lead.
    pub public_url: String,
}

type Columns = (String, serde_json::Value, Option<Vec<u8>>, Option<i32>, i16);

impl ChannelRow {
    /// The channels that are on.
    pub fn all_on(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let rows: Vec<Columns> = channel::table
            .filter(channel::is_on)
            .order(channel::key)
            .select((channel::key, channel::settings, channel::secret, channel::rate, channel::connections))
            .load(conn)?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let organisation = Arc::new(Organisation::load(conn)?);
        let public_url: String = setting::table.select(setting::public_url).first(conn)?;
        let channels = rows.into_iter().filter_map(|(key, settings, secret, rate, connections)| {
            let channel = MessageChannel::parse(&key)?;
            let (organisation, public_url) = (organisation.clone(), public_url.clone());
            Some(Self { channel, settings, secret, rate, connections, organisation, public_url })
        });
        Ok(channels.collect())
    }

    /// This one, on or off: for a test of it; none where it was never set up.
    pub fn of(conn: &mut PgConnection, of: MessageChannel) -> QueryResult<Option<Self>> {
        let row: Option<Columns> = channel::table
            .find(of.key())
            .filter(channel::changed_at.is_not_null())
            .select((channel::key, channel::settings, channel::secret, channel::rate, channel::connections))
            .first(conn)
            .optional()?;
        let Some((_, settings, secret, rate, connections)) = row else { return Ok(None) };
        let organisation = Arc::new(Organisation::load(conn)?);
        let public_url: String = setting::table.select(setting::public_url).first(conn)?;
        Ok(Some(Self { channel: of, settings, secret, rate, connections, organisation, public_url }))
    }

    /// The settings as the channel's own type.
    pub fn settings<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_value(self.settings.clone())
            .map_err(|error| format!("The channel's settings cannot be read: {error}"))
    }

    /// The secret as the channel's own type; the default where there is none.
    pub fn secret<T: DeserializeOwned + Default>(&self, keys: &Keys, purpose: &str) -> Result<T, String> {
        let Some(sealed) = &self.secret else { return Ok(T::default()) };
        let plain = keys.open(purpose, sealed).map_err(|error| error.to_string())?;
        // not the parser's words: they might quote the secret
        serde_json::from_slice(&plain).map_err(|_| "The channel's secret cannot be read".to_owned())
    }
}
