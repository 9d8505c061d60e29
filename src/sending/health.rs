//! How a channel does, for Settings → Channels: when the provider last took a message, since when and why it takes none.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text, Timestamptz};

use crate::channels::MessageChannel;
use crate::channels::transport::Outcome;
use crate::db::Kept;

/// Written at most so often.
const BETWEEN_WRITES: Duration = Duration::from_secs(1);
/// So many messages refused one after the other are the channel's trouble, not that of their addresses.
const REFUSED_IN_A_ROW: u32 = 3;

/// What this worker has seen and not yet written.
#[derive(Debug, Default)]
pub struct Health {
    accepted_at: Option<DateTime<Utc>>,
    refusal: Option<(DateTime<Utc>, String)>,
    refused_in_a_row: u32,
    is_new: bool,
    written: Option<Instant>,
}

impl Health {
    /// Takes note of an outcome.
    pub fn note(&mut self, outcome: &Outcome, now: DateTime<Utc>) {
        match outcome {
            Outcome::Sent(_) => {
                self.refused_in_a_row = 0;
                self.accepted_at = Some(now);
                self.refusal = None;
                self.is_new = true;
            }
            Outcome::Away(words) => self.refused(words, now),
            Outcome::Later(words, _) | Outcome::Refused(words) | Outcome::Uncertain(words) => {
                self.refused_in_a_row += 1;
                if self.refused_in_a_row >= REFUSED_IN_A_ROW {
                    self.refused(words, now);
                }
            }
            Outcome::Unwanted => {}
        }
    }

    /// The provider takes nothing, for this reason.
    pub fn refused(&mut self, words: &str, now: DateTime<Utc>) {
        let since = self.refusal.as_ref().map_or(now, |(since, _)| *since);
        let words = words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(500).collect();
        self.refusal = Some((since, words));
        self.is_new = true;
    }

    /// Writes what is new, unless it was written a moment ago.
    pub fn write(&mut self, conn: &mut PgConnection, channel: MessageChannel, at_once: bool) -> QueryResult<()> {
        let lately = self.written.is_some_and(|written| written.elapsed() < BETWEEN_WRITES);
        if !self.is_new || (lately && !at_once) {
            return Ok(());
        }
        let query = sql_query(
            "UPDATE channel SET accepted_at = greatest($2, accepted_at), refusal = $4,
               refused_since = CASE WHEN $4 IS NOT NULL THEN coalesce(refused_since, $3) END
             WHERE key = $1",
        )
        .bind::<Text, _>(channel.key())
        .bind::<Nullable<Timestamptz>, _>(self.accepted_at)
        .bind::<Nullable<Timestamptz>, _>(self.refusal.as_ref().map(|(since, _)| *since))
        .bind::<Nullable<Text>, _>(self.refusal.as_ref().map(|(_, words)| words.as_str()));
        Kept(query).execute(conn)?;
        self.is_new = false;
        self.written = Some(Instant::now());
        Ok(())
    }
}
