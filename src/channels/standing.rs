//! How a channel stands, in words: for Settings → **Channels** and each channel's page.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::MessageChannel;
use super::stored::StoredChannel;
use crate::db::Kept;
use crate::settings::Organisation;
use crate::web::ago::ago;
use crate::web::filters::grouped;

/// Messages that are counted; more are "more than".
const MOST: i64 = 10_000;

/// A channel's state and how many messages wait for it.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Which channel.
    pub channel: MessageChannel,
    /// Whether it was ever saved.
    pub is_set_up: bool,
    /// "On", "Off", "Refused", "Not set up".
    pub word: &'static str,
    /// Of its badge.
    pub tone: &'static str,
    /// What stands before the time.
    pub before: String,
    /// The time: exact for machines, exact for people, in words.
    pub at: Option<(DateTime<Utc>, String, String)>,
    /// What stands after the time.
    pub after: String,
    /// How many wait.
    pub waiting: String,
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

impl Standing {
    /// As of now.
    pub fn load(
        conn: &mut PgConnection,
        stored: &StoredChannel,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        let waiting = Kept(
            sql_query(
                "SELECT count(*) AS count FROM
                   (SELECT FROM message WHERE channel = $1 AND state = 'queued' LIMIT $2) AS waiting",
            )
            .bind::<Text, _>(stored.channel().key())
            .bind::<BigInt, _>(MOST + 1),
        )
        .get_result::<Waiting>(conn)?
        .count;
        Ok(Self { waiting: waiting_words(waiting), ..Self::of(stored, organisation, now) })
    }

    fn of(stored: &StoredChannel, organisation: &Organisation, now: DateTime<Utc>) -> Self {
        let channel = stored.channel();
        let said = |word, tone, before: &str| Self {
            channel,
            is_set_up: stored.is_set_up(),
            word,
            tone,
            before: before.to_owned(),
            at: None,
            after: String::new(),
            waiting: String::new(),
        };
        match (stored.is_set_up(), stored.is_on, stored.refused_since, stored.accepted_at) {
            (false, ..) => said("Not set up", "quiet", "Messages go to the Outbox."),
            (_, false, ..) => said("Off", "quiet", "Messages go to the Outbox."),
            (.., Some(since), _) => {
                let today = organisation.today(since) == organisation.today(now);
                let exact = organisation.moment(since);
                let words = match exact.rsplit_once(", ") {
                    Some((_, time)) if today => time.to_owned(),
                    _ => exact.clone(),
                };
                let why = stored.refusal.as_deref().unwrap_or("the provider takes no messages");
                Self {
                    at: Some((since, exact, words)),
                    after: format!(": {why}"),
                    ..said("Refused", "stop", "Refused since ")
                }
            }
            (.., Some(at)) => Self {
                at: Some((at, organisation.moment(at), ago(at, now))),
                ..said("On", "good", "Last message accepted ")
            },
            _ => said("On", "info", "No message was accepted yet. Send a test."),
        }
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/settings/channels/{}", self.channel.key())
    }

    /// "E-mail", "SMS", "Web push".
    pub fn name(&self) -> &'static str {
        self.channel.page_name()
    }
}

fn waiting_words(waiting: i64) -> String {
    if waiting > MOST { format!("more than {}", grouped(MOST)) } else { grouped(waiting) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_not_counted_out() {
        assert_eq!([0, 10_000, 10_001].map(waiting_words), ["0", "10,000", "more than 10,000"]);
    }
}
