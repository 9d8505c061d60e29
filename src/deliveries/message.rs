//! What goes out to a member: queued for the channel's transport, or for the Outbox where there is none.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use crate::ids::{CampaignId, MemberId};
use crate::schema::message;

/// A message about to be.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = message)]
pub struct NewMessage {
    /// To whom.
    pub member_id: Option<MemberId>,
    /// Of which campaign; none: a sign-in code.
    pub campaign_id: Option<CampaignId>,
    /// "sign_in", "coupon", "reminder", "test" or "staff".
    pub purpose: &'static str,
    /// "sms", "email" or "push".
    pub channel: &'static str,
    /// E.164 number or e-mail address.
    pub recipient: String,
    /// E-mail's subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Of the token in the link that it holds, if it lets someone in: the text goes when the link does.
    pub link_hash: Option<Vec<u8>>,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl NewMessage {
    /// Queues it; the channel's transport, or the Outbox, takes it from there.
    pub fn insert(&self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::insert_into(message::table).values(self).execute(conn).map(|_| ())
    }
}
