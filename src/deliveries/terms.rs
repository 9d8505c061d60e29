//! What holds for all of a campaign's receivers at a moment: who they are, and how they are told.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::plan::Plan;
use super::rows::NumberRow;
use crate::campaigns::{Audience, places};
use crate::channels::MessageChannel;
use crate::ids::{CampaignId, GroupId};
use crate::schema::{campaign, campaign_sending, setting};

/// The terms of issuing a campaign now.
pub(super) struct Terms {
    pub audience: Audience,
    /// The included groups' bits in `delivery.through`.
    pub places: Vec<(GroupId, i16)>,
    /// The organisation's; the members' own go before it.
    pub zone: Tz,
    /// It was late, and its rule says drop: nothing more goes out.
    pub is_dropped: bool,
    /// What the messages say.
    pub text: Option<i64>,
}

impl Terms {
    pub fn load(conn: &mut PgConnection, plan: &Plan, now: DateTime<Utc>) -> QueryResult<Self> {
        let dropped = campaign_sending::table
            .filter(campaign_sending::campaign_id.eq(plan.id).and(campaign_sending::dropped_at.is_not_null()));
        let (zone, is_dropped): (String, bool) =
            setting::table.select((setting::time_zone, exists(dropped))).first(conn)?;
        Ok(Self {
            audience: Audience::of(conn, plan.id)?.still_running(conn, now)?,
            places: places::of(conn, plan.id)?,
            zone: zone.parse().unwrap_or(Tz::UTC),
            is_dropped,
            text: plan.told_by().map(|by| coupon_text(conn, plan.id, by)).transpose()?,
        })
    }

    /// The bits of these groups.
    pub fn bits(&self, groups: &[GroupId]) -> i64 {
        self.places.iter().filter(|(group, _)| groups.contains(group)).fold(0, |bits, (_, place)| bits | 1 << place)
    }
}

/// What the campaign's messages say now: subject (a notification's title) and body.
pub(super) fn coupon_words(
    conn: &mut PgConnection,
    id: CampaignId,
    by: MessageChannel,
) -> QueryResult<(String, String)> {
    let row = campaign::table.find(id);
    match by {
        MessageChannel::Sms => Ok((String::new(), row.select(campaign::sms_text).first(conn)?)),
        MessageChannel::Email => row.select((campaign::email_subject, campaign::email_body)).first(conn),
        MessageChannel::Push => row.select((campaign::title, campaign::body)).first(conn),
    }
}

fn coupon_text(conn: &mut PgConnection, id: CampaignId, by: MessageChannel) -> QueryResult<i64> {
    let (subject, body) = coupon_words(conn, id, by)?;
    text_id(conn, id, &subject, &body)
}

/// The key of a text of this campaign, which is stored if it is new. Read first: members who join at the same time
/// need not wait for each other.
pub(super) fn text_id(conn: &mut PgConnection, id: CampaignId, subject: &str, body: &str) -> QueryResult<i64> {
    let known = sql_query(
        "SELECT id AS number FROM message_text
         WHERE campaign_id = $1 AND md5(subject || E'\\n' || body) = md5($2 || E'\\n' || $3)",
    )
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(subject)
    .bind::<Text, _>(body)
    .get_result::<NumberRow>(conn)
    .optional()?;
    if let Some(known) = known {
        return Ok(known.number);
    }
    sql_query(
        "INSERT INTO message_text (campaign_id, subject, body) VALUES ($1, $2, $3)
         ON CONFLICT (campaign_id, md5(subject || E'\\n' || body)) DO UPDATE SET subject = excluded.subject
         RETURNING id AS number",
    )
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(subject)
    .bind::<Text, _>(body)
    .get_result::<NumberRow>(conn)
    .map(|row| row.number)
}
