//! The messages about a campaign to a member, with what the provider said.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Timestamptz};

use crate::channels::MessageChannel;
use crate::ids::{CampaignId, MemberId};
use crate::members::{Guarded, Sight};
use crate::schema::message;
use crate::settings::Organisation;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct MessagePast {
    purpose: String,
    channel: String,
    recipient: Guarded,
    /// As stored: queued, sending, sent …
    pub state: String,
    attempts: i16,
    /// When it is tried next, while it waits.
    pub next_attempt_at: Option<DateTime<Utc>>,
    moved_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    /// The provider's words of the last attempt.
    pub error: Option<String>,
}

/// All of them, oldest first.
pub fn load(conn: &mut PgConnection, campaign: CampaignId, member: MemberId) -> QueryResult<Vec<MessagePast>> {
    message::table
        .filter(message::member_id.eq(member.0).and(message::campaign_id.eq(campaign.0)))
        .order(message::id)
        .select((
            message::purpose,
            message::channel,
            message::recipient,
            message::state,
            message::attempts,
            // what may go at once is minus infinity
            sql::<Nullable<Timestamptz>>("CASE WHEN isfinite(next_attempt_at) THEN next_attempt_at END"),
            message::moved_at,
            message::created_at,
            message::error,
        ))
        .limit(20)
        .load(conn)
}

impl MessagePast {
    /// Whether it waits for its turn.
    pub fn is_queued(&self) -> bool {
        self.state == "queued"
    }

    /// "SMS to +49…: sent on …, 2 attempts. The provider said: …"
    pub fn words(&self, organisation: &Organisation, sight: Sight) -> String {
        let channel = MessageChannel::parse(&self.channel).map_or("Message", MessageChannel::label);
        let what = if self.purpose == "reminder" { format!("{channel} reminder") } else { channel.to_owned() };
        let to = if self.recipient.unmasked().is_empty() {
            String::new()
        } else {
            format!(" to {}", self.recipient.stored(sight))
        };
        let at = organisation.moment(self.moved_at.unwrap_or(self.created_at));
        let attempts = match self.attempts {
            0 => String::new(),
            1 => ", 1 attempt".to_owned(),
            many => format!(", {many} attempts"),
        };
        let error = self.error.as_deref().map(|error| format!(" The provider said: {}", sight.foreign(error)));
        let error = error.unwrap_or_default();
        format!("{what}{to}: {} on {at}{attempts}.{error}", state_words(&self.state))
    }
}

fn state_words(state: &str) -> &str {
    match state {
        "outbox" => "put into the Outbox",
        "sending" => "being handed over",
        other => other,
    }
}
