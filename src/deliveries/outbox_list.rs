//! Messages, the latest first.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text, Timestamptz};

use crate::ids::CampaignId;
use crate::members::Guarded;
use crate::members::phone::Phone;
use crate::schema::{campaign, message};
use crate::web::Keyset;

/// Rows of a page.
pub const PAGE: usize = 50;
/// Messages that are counted; more are "more than".
pub const MOST: i64 = 100_000;

/// A message as the Outbox lists it.
#[derive(Debug, Clone, Queryable)]
pub struct OutboxRow {
    /// Key; later messages have greater ones.
    pub id: i64,
    /// When.
    pub created_at: DateTime<Utc>,
    /// "sms", "email" or "push".
    pub channel: String,
    /// E.164 number or e-mail address.
    pub recipient: Guarded,
    /// "coupon", "reminder", "sign_in", "test" or "staff".
    pub purpose: String,
    /// As `message_state` names them.
    pub state: String,
    /// When it is tried next; none: at once.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub attempts: i16,
    /// What was wrong the last time.
    pub error: Option<String>,
    /// Of which campaign, if of any.
    pub campaign: Option<CampaignId>,
    /// Its name.
    pub campaign_name: Option<String>,
    /// E-mail's subject.
    pub subject: String,
    /// Text, with the link in its place.
    pub body: String,
}

/// What many messages say stands once; the link is each receiver's own.
const SUBJECT: &str =
    "coalesce((SELECT subject FROM message_text WHERE message_text.id = message.text_id), message.subject)";
const BODY: &str =
    "replace(coalesce((SELECT body FROM message_text WHERE message_text.id = message.text_id), message.body), '{link}',
     coalesce((SELECT setting.public_url || coalesce('/c/' || delivery.token, '/app') FROM setting, delivery
       WHERE delivery.member_id = message.member_id AND delivery.campaign_id = message.campaign_id), '{link}'))";
const CAMPAIGN: &str = "(SELECT name FROM campaign WHERE campaign.id = message.campaign_id)";

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct OutboxFilter {
    /// Part of the number or address.
    pub to: Option<String>,
    /// One channel.
    pub channel: Option<String>,
    /// One state.
    pub state: Option<String>,
    /// One purpose.
    pub purpose: Option<String>,
    /// One campaign.
    pub campaign: Option<CampaignId>,
}

impl OutboxFilter {
    /// What was typed, as recipients are stored: a whole number in any spelling, or part of a number or address.
    pub fn recipient(typed: &str, region: &str) -> Option<String> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return None;
        }
        if let Ok(phone) = Phone::parse(&typed, region) {
            return Some(phone.as_str().to_owned());
        }
        Some(typed.chars().filter(|c| !c.is_whitespace() && *c != '\0').collect())
    }

    /// A page's rows and one more, in the keyset's direction.
    pub fn rows(&self, conn: &mut PgConnection, keyset: &Keyset) -> QueryResult<Vec<OutboxRow>> {
        let key = keyset.key().and_then(|key| key.parse::<i64>().ok());
        let mut query = self.query().limit(PAGE as i64 + 1);
        query = match (keyset.is_backwards(), key) {
            (true, Some(key)) => query.filter(message::id.gt(key)).order(message::id.asc()),
            (true, None) => query.order(message::id.asc()),
            (false, Some(key)) => query.filter(message::id.lt(key)).order(message::id.desc()),
            (false, None) => query.order(message::id.desc()),
        };
        query
            .select((
                message::id,
                message::created_at,
                message::channel,
                message::recipient,
                message::purpose,
                message::state,
                sql::<Nullable<Timestamptz>>("nullif(message.next_attempt_at, '-infinity')"),
                message::attempts,
                message::error,
                message::campaign_id,
                sql::<Nullable<Text>>(CAMPAIGN),
                sql::<Text>(SUBJECT),
                sql::<Text>(BODY),
            ))
            .load(conn)
    }

    /// How many there are in all pages, up to one more than `MOST`.
    pub fn count(&self, conn: &mut PgConnection) -> QueryResult<i64> {
        let ids = self.query().select(message::id).limit(MOST + 1);
        message::table.filter(message::id.eq_any(ids)).count().get_result(conn)
    }

    /// The name of the campaign that is looked for; none: there is no such campaign.
    pub fn campaign_name(&self, conn: &mut PgConnection) -> QueryResult<Option<String>> {
        let Some(id) = self.campaign else { return Ok(None) };
        campaign::table.find(id).select(campaign::name).first(conn).optional()
    }

    fn query(&self) -> message::BoxedQuery<'_, Pg> {
        let mut query = message::table.into_boxed();
        if let Some(to) = &self.to {
            let pattern = to.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
            query = query.filter(message::recipient.like(format!("%{pattern}%")));
        }
        if let Some(channel) = &self.channel {
            query = query.filter(message::channel.eq(channel));
        }
        if let Some(state) = &self.state {
            query = query.filter(message::state.eq(state));
        }
        if let Some(purpose) = &self.purpose {
            query = query.filter(message::purpose.eq(purpose));
        }
        if let Some(campaign) = self.campaign {
            query = query.filter(message::campaign_id.eq(campaign));
        }
        query
    }
}
