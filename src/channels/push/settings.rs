//! What is stored of the channel: who runs it, and the key that push services know it by.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::vapid::VapidKey;
use crate::channels::MessageChannel;
use crate::error::AppError;
use crate::schema::{channel, push_subscription};
use crate::sealed::Keys;

/// What the secret is sealed for.
const PURPOSE: &str = "channel push";

/// What may be read by all: `channel.settings`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PushSettings {
    /// Whom a push service may write to: an e-mail address or an https address. Some services insist on one.
    pub contact: String,
    /// The public key in base64url, as browsers take it; empty: not made yet.
    pub public_key: String,
    /// Push services at private addresses and without TLS are allowed: one's own in the same network, tests.
    pub private_network: bool,
}

/// `channel.secret`, sealed.
#[derive(Serialize, Deserialize)]
struct PushSecret {
    private_key: String,
}

impl PushSettings {
    /// As stored.
    pub fn load(conn: &mut PgConnection) -> QueryResult<Self> {
        let row = channel::table.find(MessageChannel::Push.key()).select(channel::settings);
        Ok(read(row.first(conn)?))
    }

    /// Stores the contact; the key stays.
    pub fn store_contact(conn: &mut PgConnection, contact: &str) -> QueryResult<()> {
        let (settings, _) = lock(conn)?;
        Self { contact: contact.to_owned(), ..settings }.store(conn)
    }

    /// The contact as a JWT's `sub`; where none is given, the address of this installation.
    pub fn subject(&self, public_url: &str) -> String {
        match self.contact.trim() {
            "" => public_url.to_owned(),
            address if address.contains("://") || address.starts_with("mailto:") => address.to_owned(),
            email => format!("mailto:{email}"),
        }
    }

    fn store(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let row = channel::table.find(MessageChannel::Push.key());
        let settings = serde_json::to_value(self).unwrap_or_default();
        diesel::update(row).set(channel::settings.eq(settings)).execute(conn).map(|_| ())
    }
}

/// The public key, for browsers. Made on first use, in a transaction of its own; afterwards it stays: every
/// subscription is bound to it.
pub fn public_key(conn: &mut PgConnection, keys: &Keys) -> Result<String, AppError> {
    let settings = PushSettings::load(conn)?;
    if settings.public_key.is_empty() { conn.transaction(|conn| make_key(conn, keys)) } else { Ok(settings.public_key) }
}

fn make_key(conn: &mut PgConnection, keys: &Keys) -> Result<String, AppError> {
    let (settings, secret) = lock(conn)?;
    if secret.is_some() && !settings.public_key.is_empty() {
        return Ok(settings.public_key);
    }
    let key = VapidKey::random();
    let secret = PushSecret { private_key: URL_SAFE_NO_PAD.encode(key.private_bytes()) };
    let secret = serde_json::to_vec(&secret).map_err(AppError::internal)?;
    let sealed = keys.seal(PURPOSE, &secret).map_err(AppError::internal)?;
    let settings = PushSettings { public_key: key.public_text(), ..settings };
    settings.store(conn)?;
    let row = channel::table.find(MessageChannel::Push.key());
    diesel::update(row).set(channel::secret.eq(sealed)).execute(conn)?;
    Ok(settings.public_key)
}

/// Settings and sealed secret, as stored.
pub(super) fn stored(conn: &mut PgConnection) -> QueryResult<(serde_json::Value, Option<Vec<u8>>)> {
    channel::table.find(MessageChannel::Push.key()).select((channel::settings, channel::secret)).first(conn)
}

/// The key pair of a sealed secret.
pub(super) fn key_of(keys: &Keys, sealed: &[u8]) -> Result<VapidKey, String> {
    let damaged = || "The channel’s secret cannot be read".to_owned();
    let secret = keys.open(PURPOSE, sealed).map_err(|error| error.to_string())?;
    let secret: PushSecret = serde_json::from_slice(&secret).map_err(|_| damaged())?;
    let bytes = URL_SAFE_NO_PAD.decode(secret.private_key).map_err(|_| damaged())?;
    VapidKey::of(&bytes).ok_or_else(damaged)
}

/// How many devices take notifications.
pub fn devices(conn: &mut PgConnection) -> QueryResult<i64> {
    push_subscription::table.count().get_result(conn)
}

fn lock(conn: &mut PgConnection) -> QueryResult<(PushSettings, Option<Vec<u8>>)> {
    let row = channel::table.find(MessageChannel::Push.key()).select((channel::settings, channel::secret));
    let (settings, secret) = row.for_no_key_update().first(conn)?;
    Ok((read(settings), secret))
}

fn read(settings: serde_json::Value) -> PushSettings {
    serde_json::from_value(settings).unwrap_or_default()
}
