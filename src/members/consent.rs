//! What members agreed to be sent, and how that came about.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::channels::MessageChannel;
use crate::ids::{CampaignId, MemberId};
use crate::schema::member;

/// Who gave or withdrew a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentSource {
    /// The member, in the app.
    App,
    /// This dashboard user.
    Support(Uuid),
    /// An import.
    Import,
    /// Another program, by the API.
    Api,
    /// The member, by the link in a message of this campaign.
    Unsubscribe(CampaignId),
    /// The member called a message spam, and their mail service reported it.
    Complaint(Option<CampaignId>),
}

/// Gives or withdraws a consent, and notes how that came about. Call it only for a change.
pub fn record(
    conn: &mut PgConnection,
    member: MemberId,
    channel: MessageChannel,
    granted: bool,
    source: ConsentSource,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let row = member::table.find(member);
    match channel {
        MessageChannel::Sms => diesel::update(row).set(member::sms_consent.eq(granted)).execute(conn)?,
        MessageChannel::Email => diesel::update(row).set(member::email_consent.eq(granted)).execute(conn)?,
        MessageChannel::Push => diesel::update(row).set(member::push_consent.eq(granted)).execute(conn)?,
    };
    let (source, account, campaign) = match source {
        ConsentSource::App => ("app", None, None),
        ConsentSource::Support(account) => ("support", Some(account), None),
        ConsentSource::Import => ("import", None, None),
        ConsentSource::Api => ("api", None, None),
        ConsentSource::Unsubscribe(campaign) => ("unsubscribe", None, Some(campaign)),
        ConsentSource::Complaint(campaign) => ("complaint", None, campaign),
    };
    // twice within a microsecond: the last word counts
    sql_query(
        "INSERT INTO member_consent (member_id, channel, at, granted, source, account_id, campaign_id)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (member_id, channel, at)
         DO UPDATE SET granted = excluded.granted, source = excluded.source, account_id = excluded.account_id,
           campaign_id = excluded.campaign_id",
    )
    .bind::<BigInt, _>(member)
    .bind::<Text, _>(channel.key())
    .bind::<Timestamptz, _>(now)
    .bind::<Bool, _>(granted)
    .bind::<Text, _>(source)
    .bind::<Nullable<SqlUuid>, _>(account)
    .bind::<Nullable<BigInt>, _>(campaign)
    .execute(conn)
    .map(|_| ())
}

/// All consents of a member.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consents {
    /// SMS.
    pub sms: bool,
    /// E-mail.
    pub email: bool,
    /// Push notifications.
    pub push: bool,
}

/// Makes these the member's consents, and notes those that change.
pub fn set_consents(
    conn: &mut PgConnection,
    id: MemberId,
    consents: Consents,
    source: ConsentSource,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let columns = (member::sms_consent, member::email_consent, member::push_consent);
    let (sms, email, push): (bool, bool, bool) =
        member::table.find(id).select(columns).for_no_key_update().first(conn)?;
    let wanted = [(sms, consents.sms), (email, consents.email), (push, consents.push)];
    for (channel, (was, granted)) in MessageChannel::ALL.into_iter().zip(wanted) {
        if was != granted {
            record(conn, id, channel, granted, source, now)?;
        }
    }
    Ok(())
}
