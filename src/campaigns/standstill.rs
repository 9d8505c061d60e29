//! Why a campaign's messages do not go out now, or not quicker.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Int4, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::Campaign;
use super::sending::Sending;
use crate::settings::Organisation;

/// Why nothing moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standstill {
    /// By a marketer.
    Paused(DateTime<Utc>),
    /// Until someone answers.
    Held,
    /// Nothing is sent at this time of day.
    Quiet(DateTime<Utc>),
    /// The provider takes nothing.
    Refused(DateTime<Utc>, String),
    /// What is left is tried again later.
    NotBefore(DateTime<Utc>),
    /// No worker seems to be at it.
    NoWorker,
}

/// What its channel says.
#[derive(Debug, Clone, QueryableByName)]
pub struct ChannelState {
    #[diesel(sql_type = Bool)]
    is_on: bool,
    #[diesel(sql_type = Nullable<Int4>)]
    rate: Option<i32>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    refused_since: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    refusal: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    next_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Bool)]
    is_quiet: bool,
}

impl ChannelState {
    /// Of a campaign that sends messages, with the time of its next message; two looks into indexes.
    pub fn of(conn: &mut PgConnection, of: &Campaign, now: DateTime<Utc>) -> QueryResult<Option<Self>> {
        sql_query(
            "SELECT is_on, rate, refused_since, refusal,
               (SELECT CASE WHEN isfinite(next_attempt_at) THEN next_attempt_at END FROM message
                WHERE state = 'queued' AND message.channel = channel.key AND campaign_id = campaign.id
                ORDER BY next_attempt_at LIMIT 1) AS next_at,
               after_quiet($2, setting.time_zone, quiet_from, quiet_until) > $2 AS is_quiet
             FROM campaign JOIN channel ON channel.key = campaign.channel CROSS JOIN setting WHERE campaign.id = $1",
        )
        .bind::<diesel::sql_types::BigInt, _>(of.id)
        .bind::<Timestamptz, _>(now)
        .get_result(conn)
        .optional()
    }

    /// How quickly it may go, or where it goes; empty where there is nothing to say.
    pub fn limit_words(&self) -> String {
        match (self.is_on, self.rate) {
            (false, _) => "This channel is not set up: messages go to the Outbox.".to_owned(),
            (true, Some(1)) => "At most 1 message a second, as set in Settings → Channels.".to_owned(),
            (true, Some(rate)) => format!("At most {rate} messages a second, as set in Settings → Channels."),
            (true, None) => String::new(),
        }
    }
}

/// Why nothing moves, if nothing does; `per_minute`: what was seen in the last minutes.
pub fn reason(
    campaign: &Campaign,
    sending: Option<&Sending>,
    channel: Option<&ChannelState>,
    per_minute: Option<i64>,
    now: DateTime<Utc>,
) -> Option<Standstill> {
    if let Some(at) = campaign.paused_at {
        return Some(Standstill::Paused(at));
    }
    if sending.is_some_and(|row| row.held().is_some()) {
        return Some(Standstill::Held);
    }
    let channel = channel?;
    if let (true, Some(since)) = (channel.is_on, channel.refused_since) {
        return Some(Standstill::Refused(since, channel.refusal.clone().unwrap_or_default()));
    }
    match channel.next_at.filter(|at| *at > now) {
        Some(at) if channel.is_quiet => Some(Standstill::Quiet(at)),
        Some(at) => Some(Standstill::NotBefore(at)),
        None => (per_minute == Some(0)).then_some(Standstill::NoWorker),
    }
}

impl Standstill {
    /// In a sentence.
    pub fn words(&self, organisation: &Organisation) -> String {
        match self {
            Self::Paused(at) => {
                format!("Paused since {}. It goes on where it was once you resume it.", organisation.moment(*at))
            }
            Self::Held => "Held until you decide.".to_owned(),
            Self::Quiet(at) => {
                format!("Quiet hours until {}. It goes on by itself then.", clock_words(*at, organisation))
            }
            Self::Refused(since, why) if why.is_empty() => {
                format!("The provider has taken nothing since {}. Muster keeps trying.", organisation.moment(*since))
            }
            Self::Refused(since, why) => {
                format!(
                    "The provider has taken nothing since {}: {why}. Muster keeps trying.",
                    organisation.moment(*since)
                )
            }
            Self::NotBefore(at) => {
                format!(
                    "What is left was not taken at the first try; the next try is at {}.",
                    clock_words(*at, organisation)
                )
            }
            Self::NoWorker => "Nothing moved in the last minutes. Is a worker running?".to_owned(),
        }
    }
}

/// "08:00", in the organisation's zone.
fn clock_words(at: DateTime<Utc>, organisation: &Organisation) -> String {
    at.with_timezone(&organisation.zone).format("%H:%M").to_string()
}
