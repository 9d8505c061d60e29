//! What a reminder says: what the campaign's message says, under another heading.

use diesel::prelude::*;

use super::terms;
use crate::channels::MessageChannel;
use crate::ids::CampaignId;

/// Stands before it.
const REMINDER: &str = "Reminder: ";

/// The key of the text.
pub(super) fn id(conn: &mut PgConnection, id: CampaignId, by: MessageChannel) -> QueryResult<i64> {
    let (subject, body) = terms::coupon_words(conn, id, by)?;
    match by {
        MessageChannel::Sms => terms::text_id(conn, id, &subject, &format!("{REMINDER}{body}")),
        MessageChannel::Email | MessageChannel::Push => {
            terms::text_id(conn, id, &format!("{REMINDER}{subject}"), &body)
        }
    }
}
