//! Reads a situation.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz};
use serde_json::Value;

use super::past::{Change, Past};
use super::situation::{DeliveryMarks, Moment, Situation};
use super::{group_past, message_past};
use crate::campaigns::sending::Sending;
use crate::campaigns::{Campaign, Channel};
use crate::channels::MessageChannel;
use crate::deliveries::DeliveryState;
use crate::ids::{CampaignId, MemberId};
use crate::members::{Guarded, Member};
use crate::schema::{account, delivery, member_consent};

impl Situation {
    /// Of this campaign and member, of one moment. Not found: there is no such campaign or member.
    pub fn load(
        conn: &mut PgConnection,
        campaign: CampaignId,
        member: MemberId,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        let found = Campaign::find(conn, campaign)?;
        let who = Member::find(conn, member)?;
        let marks = marks(conn, campaign, member)?;
        let (channel, address) = match found.channel() {
            Channel::Sms => (Some(MessageChannel::Sms), who.phone.clone()),
            Channel::Email => (Some(MessageChannel::Email), who.email.clone()),
            Channel::App | Channel::Code => (None, None),
        };
        let changes = audited(conn, member)?;
        let key = if channel == Some(MessageChannel::Sms) { "phone" } else { "email" };
        Ok(Self {
            sending: Sending::of(conn, campaign)?,
            groups: group_past::load(conn, campaign, member)?,
            messages: message_past::load(conn, campaign, member)?,
            consent: match channel {
                Some(channel) => Past { now: who.consents_to(channel), changes: consents(conn, member, channel)? },
                None => Past::default(),
            },
            blocked: Past {
                now: who.blocked_at.is_some(),
                changes: changes.iter().filter_map(Audited::block).collect(),
            },
            address: Past { now: address, changes: changes.iter().filter_map(|change| change.address(key)).collect() },
            moment: Moment::of(&found, &who, marks.as_ref().and_then(DeliveryMarks::decided_at), now),
            delivery: marks,
            campaign: found,
            member: who,
            now,
        })
    }
}

impl DeliveryMarks {
    /// When it was decided: skipped, or else issued.
    fn decided_at(&self) -> Option<DateTime<Utc>> {
        let of = |name: &str| self.marks.iter().find(|(mark, _)| *mark == name).map(|(_, at)| *at);
        of("Issued").or_else(|| of("Skipped"))
    }
}

fn marks(conn: &mut PgConnection, campaign: CampaignId, member: MemberId) -> QueryResult<Option<DeliveryMarks>> {
    type At = Option<DateTime<Utc>>;
    type Times = (DateTime<Utc>, At, At, At, At, At, At, At, At, At, At, At);
    let found = delivery::table
        .find((member.0, campaign.0))
        .select((
            (
                delivery::issued_at,
                delivery::queued_at,
                delivery::uncertain_at,
                delivery::sent_at,
                delivery::accepted_at,
                delivery::seen_at,
                delivery::validated_at,
                delivery::expired_at,
                delivery::bounced_at,
                delivery::failed_at,
                delivery::skipped_at,
                delivery::withdrawn_at,
            ),
            (delivery::state, delivery::reason, delivery::code, delivery::token, delivery::expires_at),
        ))
        .first::<(Times, (String, Option<String>, Option<String>, Option<uuid::Uuid>, At))>(conn)
        .optional()?;
    Ok(found.map(|(times, (state, reason, code, token, expires_at))| {
        // what was skipped was never issued
        let issued = times.10.is_none().then_some(times.0);
        let all = [
            ("Issued", issued),
            ("Queued", times.1),
            ("Uncertain", times.2),
            ("Sent", times.3),
            ("Accepted", times.4),
            ("Seen", times.5),
            ("Validated", times.6),
            ("Expired", times.7),
            ("Bounced", times.8),
            ("Failed", times.9),
            ("Skipped", times.10),
            ("Withdrawn", times.11),
        ];
        let mut marks: Vec<_> = all.into_iter().filter_map(|(name, at)| Some((name, at?))).collect();
        // those of one moment keep their order
        marks.sort_by_key(|(_, at)| *at);
        DeliveryMarks { state: DeliveryState::parse(&state), marks, reason, code, token, expires_at }
    }))
}

fn consents(conn: &mut PgConnection, member: MemberId, channel: MessageChannel) -> QueryResult<Vec<Change<bool>>> {
    let rows: Vec<(DateTime<Utc>, bool, String, Option<String>)> = member_consent::table
        .left_join(account::table.on(account::id.nullable().eq(member_consent::account_id)))
        .filter(member_consent::member_id.eq(member.0).and(member_consent::channel.eq(channel.key())))
        .order(member_consent::at)
        .select((member_consent::at, member_consent::granted, member_consent::source, account::name.nullable()))
        .load(conn)?;
    let how = |source: &str, account: Option<String>| match (source, account) {
        ("app", _) => "by the member, in the app".to_owned(),
        ("support", Some(name)) => format!("by {name}"),
        ("import", _) => "by an import".to_owned(),
        (other, _) => format!("by {other}"),
    };
    let change = |(at, granted, source, account): (_, bool, String, _)| Change {
        at,
        before: !granted,
        after: granted,
        how: how(&source, account),
    };
    Ok(rows.into_iter().map(change).collect())
}

/// An entry of the audit log about the member that tells of a block or of another address.
#[derive(QueryableByName)]
struct Audited {
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    actor: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    before: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    after: Option<Value>,
}

fn audited(conn: &mut PgConnection, member: MemberId) -> QueryResult<Vec<Audited>> {
    sql_query(
        "SELECT at, actor, action, before, after FROM audit_entry
         WHERE subject_kind = 'member' AND subject_id = $1::bigint::text
           AND (action IN ('member blocked', 'member unblocked') OR after ? 'phone' OR after ? 'email')
         ORDER BY id",
    )
    .bind::<BigInt, _>(member)
    .load(conn)
}

impl Audited {
    fn block(&self) -> Option<Change<bool>> {
        let after = match self.action.as_str() {
            "member blocked" => true,
            "member unblocked" => false,
            _ => return None,
        };
        let reason =
            self.after.as_ref().and_then(|after| after.get("reason")).and_then(Value::as_str).unwrap_or_default();
        let how = if reason.is_empty() { self.by() } else { format!("{}: {reason}", self.by()) };
        Some(Change { at: self.at, before: !after, after, how })
    }

    fn address(&self, key: &str) -> Option<Change<Option<Guarded>>> {
        let value = |from: &Option<Value>| from.as_ref()?.get(key)?.as_str().map(Guarded::new);
        self.after.as_ref().filter(|after| after.get(key).is_some())?;
        Some(Change { at: self.at, before: value(&self.before), after: value(&self.after), how: self.by() })
    }

    /// "by Ada Adams"; the log holds the address too.
    fn by(&self) -> String {
        format!("by {}", self.actor.split(" <").next().unwrap_or_default())
    }
}
