//! A consent that ends by the link in a message, and what waits because of it; and how that is taken back.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamptz};

use super::consent::{ConsentSource, record};
use crate::channels::MessageChannel;
use crate::db::Kept;
use crate::ids::{CampaignId, MemberId};
use crate::schema::{member, member_consent};

/// For so long the link in a message takes back what it did.
const REGRET: Duration = Duration::days(7);

/// Whether the member agreed to this channel; until the transaction ends no other changes it.
fn lock(conn: &mut PgConnection, id: MemberId, channel: MessageChannel) -> QueryResult<bool> {
    let columns = (member::sms_consent, member::email_consent, member::push_consent);
    let (sms, email, push) = member::table.find(id).select(columns).for_no_key_update().first(conn)?;
    Ok(match channel {
        MessageChannel::Sms => sms,
        MessageChannel::Email => email,
        MessageChannel::Push => push,
    })
}

/// Ends a consent; messages that wait are skipped. Twice is once.
pub fn end(
    conn: &mut PgConnection,
    id: MemberId,
    channel: MessageChannel,
    source: ConsentSource,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    if !lock(conn, id, channel)? {
        return Ok(());
    }
    record(conn, id, channel, false, source, now)?;
    Kept(
        sql_query(
            "WITH ended AS (
               UPDATE message SET state = 'skipped', error = 'unsubscribed', moved_at = $3, worker = NULL, leased_until = NULL
               WHERE member_id = $1 AND channel = $2 AND state = 'queued' AND purpose IN ('coupon', 'reminder')
               RETURNING campaign_id, purpose)
             UPDATE delivery SET skipped_at = $3, reason = 'unsubscribed' FROM ended
             WHERE delivery.member_id = $1 AND delivery.campaign_id = ended.campaign_id AND ended.purpose = 'coupon'
               AND delivery.state = 'queued'",
        )
        .bind::<BigInt, _>(id)
        .bind::<Text, _>(channel.key())
        .bind::<Timestamptz, _>(now),
    )
    .execute(conn)
    .map(|_| ())
}

/// When the link of this campaign ended the consent, if it was the last word and may still be taken back.
pub fn regrettable(
    conn: &mut PgConnection,
    id: MemberId,
    channel: MessageChannel,
    campaign: CampaignId,
    now: DateTime<Utc>,
) -> QueryResult<Option<DateTime<Utc>>> {
    let last: Option<(DateTime<Utc>, bool, String, Option<CampaignId>)> = member_consent::table
        .filter(member_consent::member_id.eq(id).and(member_consent::channel.eq(channel.key())))
        .order(member_consent::at.desc())
        .select((member_consent::at, member_consent::granted, member_consent::source, member_consent::campaign_id))
        .first(conn)
        .optional()?;
    Ok(last
        .filter(|(at, granted, source, of)| {
            !granted && source == "unsubscribe" && *of == Some(campaign) && *at > now - REGRET
        })
        .map(|(at, ..)| at))
}

/// Takes it back: the consent is as before, and what was skipped waits again; whether it still may go is asked when its
/// turn comes. False: there is nothing to take back.
pub fn take_back(
    conn: &mut PgConnection,
    id: MemberId,
    channel: MessageChannel,
    campaign: CampaignId,
    now: DateTime<Utc>,
) -> QueryResult<bool> {
    if lock(conn, id, channel)? {
        return Ok(true);
    }
    let Some(since) = regrettable(conn, id, channel, campaign, now)? else { return Ok(false) };
    record(conn, id, channel, true, ConsentSource::Unsubscribe(campaign), now)?;
    Kept(
        sql_query(
            "WITH again AS (
               UPDATE message SET state = 'queued', error = NULL, moved_at = $4
               WHERE member_id = $1 AND channel = $2 AND state = 'skipped' AND error = 'unsubscribed' AND moved_at >= $3
               RETURNING campaign_id, purpose)
             UPDATE delivery SET skipped_at = NULL, reason = NULL FROM again
             WHERE delivery.member_id = $1 AND delivery.campaign_id = again.campaign_id AND again.purpose = 'coupon'
               AND delivery.state = 'skipped' AND delivery.reason = 'unsubscribed'",
        )
        .bind::<BigInt, _>(id)
        .bind::<Text, _>(channel.key())
        .bind::<Timestamptz, _>(since)
        .bind::<Timestamptz, _>(now),
    )
    .execute(conn)?;
    Ok(true)
}
