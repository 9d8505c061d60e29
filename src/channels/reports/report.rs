//! A report, and what it changes. Reports come twice, late and in any order: what is stored depends on which came, not
//! on when.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text, Timestamptz};

use super::find::{Found, find};
use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::MemberId;
use crate::members::consent::ConsentSource;
use crate::members::unsubscribe;

/// Characters kept of a reason.
const WORDS: usize = 300;

/// What happened to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The provider has it, and goes on with it.
    Taken,
    /// It arrived.
    Delivered,
    /// It could not be delivered.
    Bounced,
    /// The receiver called it spam.
    Complained,
}

/// What a provider reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Keys by which the message may be known: the provider's, and ours.
    pub ids: Vec<String>,
    /// What happened.
    pub event: Event,
    /// Why, in the provider's words; empty: it does not say.
    pub reason: String,
}

impl Report {
    /// Stores it; false: there is no such message.
    pub fn apply(&self, conn: &mut PgConnection, channel: MessageChannel, now: DateTime<Utc>) -> QueryResult<bool> {
        let Some(found) = find(conn, channel, &self.ids)? else { return Ok(false) };
        match self.event {
            Event::Taken => self.mark(conn, &found, "sent", now)?,
            Event::Delivered => self.mark(conn, &found, "accepted", now)?,
            Event::Bounced => self.mark(conn, &found, "bounced", now)?,
            Event::Complained => self.complained(conn, channel, &found, now)?,
        }
        Ok(true)
    }

    /// A phone that got a message has it, whatever was reported of an earlier try; a mailbox may send back what its
    /// server took.
    fn outranks(to: &str, state: &str, channel: &str) -> bool {
        match (to, state) {
            // its worker is about to say so itself
            ("sent", "sending") => false,
            (_, "sending" | "uncertain") => true,
            ("accepted", "bounced") => channel != MessageChannel::Email.key(),
            ("bounced", "accepted") => channel == MessageChannel::Email.key(),
            ("accepted" | "bounced", "sent") => true,
            _ => false,
        }
    }

    fn mark(&self, conn: &mut PgConnection, found: &Found, to: &str, now: DateTime<Utc>) -> QueryResult<()> {
        if !Self::outranks(to, &found.state, &found.channel) {
            return Ok(());
        }
        let reason: String = self.reason.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WORDS).collect();
        let reason = if reason.is_empty() && to == "bounced" { "not delivered".to_owned() } else { reason };
        let bounced = to == "bounced";
        Kept(
            sql_query(
                "UPDATE message SET state = $2, moved_at = $3, error = CASE WHEN $5 THEN $4 END
                 WHERE id = $1",
            )
            .bind::<BigInt, _>(found.id)
            .bind::<Text, _>(to)
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(&reason)
            .bind::<Bool, _>(bounced),
        )
        .execute(conn)?;
        let (Some(member), Some(campaign), "coupon") = (found.member_id, found.campaign_id, found.purpose.as_str())
        else {
            return Ok(());
        };
        Kept(
            sql_query(
                "UPDATE delivery SET sent_at = coalesce(sent_at, $3), uncertain_at = NULL,
                   accepted_at = CASE WHEN $4 = 'accepted' THEN coalesce(accepted_at, $3) ELSE accepted_at END,
                   reason = CASE WHEN $4 = 'bounced' THEN $5 WHEN bounced_at IS NOT NULL THEN NULL ELSE reason END,
                   bounced_at = CASE WHEN $4 = 'bounced' THEN coalesce(bounced_at, $3) END
                 WHERE member_id = $1 AND campaign_id = $2",
            )
            .bind::<BigInt, _>(member)
            .bind::<BigInt, _>(campaign)
            .bind::<Timestamptz, _>(now)
            .bind::<Text, _>(to)
            .bind::<Text, _>(&reason),
        )
        .execute(conn)
        .map(|_| ())
    }

    /// Who calls it spam gets no more of it.
    fn complained(
        &self,
        conn: &mut PgConnection,
        channel: MessageChannel,
        found: &Found,
        now: DateTime<Utc>,
    ) -> QueryResult<()> {
        self.mark(conn, found, "accepted", now)?;
        match found.member_id {
            Some(member) => {
                unsubscribe::end(conn, MemberId(member), channel, ConsentSource::Complaint(found.campaign()), now)
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_reports_does_not_matter() {
        for channel in ["sms", "email"] {
            let last = |order: &[&'static str]| {
                order.iter().fold("sent", |state, to| if Report::outranks(to, state, channel) { to } else { state })
            };
            let all =
                [["accepted", "bounced", "sent"], ["bounced", "accepted", "sent"], ["sent", "bounced", "accepted"]];
            let ends = all.map(|order| last(&order));
            assert_eq!(ends, [if channel == "sms" { "accepted" } else { "bounced" }; 3]);
        }
        for final_state in ["outbox", "skipped", "withdrawn", "queued"] {
            assert!(!Report::outranks("accepted", final_state, "sms"), "{final_state}");
        }
    }
}
