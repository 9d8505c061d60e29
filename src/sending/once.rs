//! All that is due, at once and on this thread: for tests, and for whoever has no threads to spare.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::PgConnection;

use super::channel_row::ChannelRow;
use super::lane::Lane;
use super::link::Link;
use super::sender::send_due;
use super::transports::transport_of;
use super::{bulk, null};
use crate::channels::transport::Transport;
use crate::clock::Clock;
use crate::error::AppError;
use crate::sealed::Keys;

/// Messages of a channel in one step.
const MOST: u32 = 1_000;

/// One step; true if there was something to do and there may be more. Rates are not waited for.
pub fn run_once(conn: &mut PgConnection, keys: &Keys, now: DateTime<Utc>) -> Result<bool, AppError> {
    let mut worked = bulk::settle_next(conn, now)?;
    for channel in ChannelRow::all_on(conn)? {
        let (mut transport, refused): (Box<dyn Transport>, _) =
            match transport_of(&channel, keys, &Clock::standing_at(now)) {
                Ok(transport) => (transport, None),
                Err(words) => (Box::new(null::NullTransport), Some(words)),
            };
        let lane = Mutex::new(Lane::new(Link::Lent(conn), &channel, false, Clock::standing_at(now)));
        if refused.is_none() {
            send_due(&lane, &mut *transport, MOST);
        }
        let mut lane = lane.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = refused {
            lane.refuse(&words);
        }
        lane.finish(Duration::ZERO);
        worked |= lane.moved > 0;
    }
    Ok(worked)
}
