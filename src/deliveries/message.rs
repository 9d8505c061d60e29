//! What goes out to a member. While no gateway is configured for a channel, it stays in the Outbox.

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
    /// "sms", "email" or "push".
    pub channel: &'static str,
    /// E.164 number or e-mail address.
    pub recipient: String,
    /// E-mail's subject.
    pub subject: String,
    /// Text.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl NewMessage {
    /// Puts it into the Outbox.
    pub fn insert(&self, conn: &mut PgConnection) -> QueryResult<()> {
        diesel::insert_into(message::table).values(self).execute(conn).map(|_| ())
    }
}
