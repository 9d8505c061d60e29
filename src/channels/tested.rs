//! A test message: its row, and what became of it.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::MessageChannel;
use super::stored::{note_accepted, note_refused};
use super::transport::{Outcome, Outgoing};
use crate::audit::{self, Actor, Change, Subject};
use crate::ids::MemberId;
use crate::schema::message;
use crate::web::Flash;

/// Nobody takes the row for one that a dead worker left.
const LEASE: Duration = Duration::minutes(5);

/// What was sent, and how that went.
#[derive(Debug, Clone)]
pub struct Tested {
    /// Through which channel.
    pub channel: MessageChannel,
    /// To whom.
    pub to: String,
    /// What the provider said.
    pub outcome: Outcome,
}

/// Stores a message that is about to be sent: it is in the Outbox like all others.
pub fn begin(
    conn: &mut PgConnection,
    channel: MessageChannel,
    member: Option<MemberId>,
    recipient: String,
    organisation: &str,
    now: DateTime<Utc>,
) -> QueryResult<Outgoing> {
    let subject = if channel == MessageChannel::Sms { String::new() } else { format!("Test from {organisation}") };
    let body = format!("This is a test from {organisation}. If you can read it, {} works.", channel.label());
    let id = diesel::insert_into(message::table)
        .values((
            message::member_id.eq(member),
            message::purpose.eq("test"),
            message::channel.eq(channel.key()),
            message::recipient.eq(&recipient),
            message::subject.eq(&subject),
            message::body.eq(&body),
            message::created_at.eq(now),
            message::state.eq("sending"),
            message::attempts.eq(1),
            message::worker.eq(Uuid::new_v4()),
            message::leased_until.eq(now + LEASE),
            message::moved_at.eq(now),
        ))
        .returning(message::id)
        .get_result(conn)?;
    Ok(Outgoing {
        id,
        key: Uuid::new_v4().to_string(),
        member,
        recipient,
        sender: String::new(),
        subject,
        body,
        link: None,
        picture: None,
        unsubscribe: None,
        ends_at: None,
        language: None,
    })
}

impl Tested {
    /// Notes how it went: at the message, at the channel, in the audit log.
    pub fn note(&self, conn: &mut PgConnection, sent: &Outgoing, actor: &Actor, now: DateTime<Utc>) -> QueryResult<()> {
        let (state, error, provider_id) = match &self.outcome {
            Outcome::Sent(id) => ("sent", None, id.clone()),
            Outcome::Uncertain(why) => ("uncertain", Some(why.clone()), Some(sent.key.clone())),
            Outcome::Later(why, _) | Outcome::Away(why) | Outcome::Refused(why) => ("failed", Some(why.clone()), None),
            Outcome::Unwanted => ("skipped", None, None),
        };
        // a report may have been quicker
        diesel::update(message::table.find(sent.id).filter(message::state.eq("sending")))
            .set((message::state.eq(state), message::moved_at.eq(now)))
            .execute(conn)?;
        diesel::update(message::table.find(sent.id))
            .set((
                message::error.eq(&error),
                message::provider_id.eq(provider_id),
                message::leased_until.eq(None::<DateTime<Utc>>),
                message::worker.eq(None::<Uuid>),
            ))
            .execute(conn)?;
        match (&self.outcome, &error) {
            (Outcome::Sent(_), _) => note_accepted(conn, self.channel, now)?,
            (Outcome::Later(..) | Outcome::Away(_), Some(why)) => note_refused(conn, self.channel, why, now)?,
            _ => {}
        }
        let after = json!({ "to": self.to, "outcome": state, "answer": error });
        let change = Change { action: "test message sent", before: None, after: Some(after) };
        let subject = Subject::new("channel", self.channel.key(), self.channel.page_name());
        audit::append(conn, actor, now, &subject, &change)
    }

    /// What the provider said.
    pub fn told(&self) -> Flash {
        let to = &self.to;
        match &self.outcome {
            Outcome::Sent(_) => {
                Flash::success(format!("Sent to {to}: the provider took the message. Look whether it arrives."))
            }
            Outcome::Later(why, _) | Outcome::Away(why) => {
                Flash::danger(format!("Not sent to {to}. {}. It may pass, or the settings are wrong.", ended(why)))
            }
            Outcome::Refused(why) => Flash::danger(format!("Not sent to {to}: refused. {}.", ended(why))),
            Outcome::Uncertain(why) => Flash::warning(format!("It may have been sent to {to}. {}.", ended(why))),
            Outcome::Unwanted => Flash::warning("Nothing was sent."),
        }
    }
}

/// Words before a full stop; a cookie carries them, so not too many.
fn ended(why: &str) -> String {
    why.trim().trim_end_matches('.').chars().take(400).collect()
}
