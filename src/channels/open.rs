//! From a stored channel to its way out.

use diesel::prelude::*;

use super::MessageChannel;
use super::sms::SmsTransport;
use super::stored::StoredChannel;
use super::transport::{Outcome, Outgoing, Transport};
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::schema::setting;
use crate::sealed::Keys;

/// How long a channel that cannot be opened is left alone, in seconds.
const BROKEN_PAUSE: u64 = 60;

/// The way out of a channel; none where it is off: its messages go to the Outbox. A worker opens one for each
/// connection, and anew when `channel.changed_at` has changed.
pub fn open(
    db: &Db,
    keys: &Keys,
    clock: &Clock,
    channel: MessageChannel,
) -> Result<Option<Box<dyn Transport>>, AppError> {
    let (stored, _) = load(db, channel)?;
    if stored.is_on { open_anyway(db, keys, clock, channel) } else { Ok(None) }
}

/// The same whether it is on or off, for a test; none where it was never set up. What cannot be read is a way out that
/// says so, and loses nothing.
pub fn open_anyway(
    db: &Db,
    keys: &Keys,
    _clock: &Clock,
    channel: MessageChannel,
) -> Result<Option<Box<dyn Transport>>, AppError> {
    let (stored, public_url) = load(db, channel)?;
    if !stored.is_set_up() {
        return Ok(None);
    }
    let opened: Result<Box<dyn Transport>, String> = match channel {
        MessageChannel::Sms => SmsTransport::open(&stored, keys, &public_url).map(|sms| Box::new(sms) as _),
        MessageChannel::Email | MessageChannel::Push => return Ok(None),
    };
    Ok(Some(opened.unwrap_or_else(|why| Box::new(Broken(why)))))
}

fn load(db: &Db, channel: MessageChannel) -> Result<(StoredChannel, String), AppError> {
    db.blocking(|conn| {
        let public_url = setting::table.select(setting::public_url).first(conn)?;
        Ok((StoredChannel::load(conn, channel)?, public_url))
    })
}

/// A channel whose settings cannot be used.
struct Broken(String);

impl Transport for Broken {
    fn send(&mut self, _: &Outgoing, _: &mut dyn FnMut() -> bool) -> Outcome {
        Outcome::Later(self.0.clone(), Some(BROKEN_PAUSE))
    }
}
