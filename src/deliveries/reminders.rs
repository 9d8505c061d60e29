//! Reminders: some days before a coupon expires, to those who have it and have not used it, once each.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::chunk::Failed;
use super::plan::Plan;
use super::reminder_text;
use crate::channels::MessageChannel;
use crate::ids::CampaignId;
use crate::schema::campaign;

/// Coupons looked at in one transaction.
const ROWS: i64 = 20_000;
/// `reminded_up_to` when all were looked at.
const ALL: i64 = i64::MAX;

#[derive(QueryableByName)]
struct DueRow {
    #[diesel(sql_type = BigInt)]
    id: CampaignId,
}

#[derive(QueryableByName)]
struct ChunkRow {
    #[diesel(sql_type = Nullable<BigInt>)]
    up_to: Option<i64>,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

#[derive(QueryableByName)]
struct UntilRow {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<DateTime<Utc>>,
}

/// A chunk of one campaign: its reminders are queued and its cursor moved in one transaction, so that a worker may be
/// killed anywhere. None: nobody is to be reminded now.
pub fn remind_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(id) = claim(conn, now, held_back)? else { return Ok(None) };
        claimed = Some(id);
        sql_query("SET LOCAL lock_timeout = '500ms'").execute(conn)?;
        let plan: Plan = campaign::table.find(id).select(Plan::as_select()).first(conn)?;
        let reminder = Reminder::of(conn, &plan, now)?;
        if !reminder.of_own_expiry(conn)? {
            reminder.with_the_campaign(conn)?;
        }
        Ok(Some(id))
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

/// Running campaigns that remind, with a coupon whose time has come that the cursors have not passed.
fn claim(conn: &mut PgConnection, now: DateTime<Utc>, held_back: &[CampaignId]) -> QueryResult<Option<CampaignId>> {
    let row: Option<DueRow> = sql_query(format!(
        "SELECT campaign.id FROM campaign_sending AS sending JOIN campaign ON campaign.id = sending.campaign_id
         WHERE closed_at IS NULL AND reminder_days IS NOT NULL AND channel <> 'code' AND cancelled_at IS NULL
           AND paused_at IS NULL AND held_at IS NULL AND dropped_at IS NULL AND issuing_since IS NOT NULL AND ends_at > $1
           AND campaign.id <> ALL($2)
           AND ((issued_at IS NOT NULL AND reminded_up_to < {ALL} AND ends_at - reminder_days * interval '1 day' <= $1)
             OR (validity_days IS NOT NULL AND EXISTS (
               SELECT FROM delivery WHERE campaign_id = campaign.id AND expires_at > coalesce(reminded_until, '-infinity')
                 AND expires_at <= $1 + reminder_days * interval '1 day' AND expires_at < ends_at)))
         ORDER BY 1 LIMIT 1 FOR NO KEY UPDATE OF sending SKIP LOCKED"
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Array<BigInt>, _>(held_back)
    .get_result(conn)
    .optional()?;
    Ok(row.map(|row| row.id))
}

/// What a campaign's reminders have in common.
struct Reminder<'a> {
    plan: &'a Plan,
    by: Option<MessageChannel>,
    text: i64,
    now: DateTime<Utc>,
}

impl<'a> Reminder<'a> {
    fn of(conn: &mut PgConnection, plan: &'a Plan, now: DateTime<Utc>) -> QueryResult<Self> {
        let by = plan.reminded_by();
        let text = by.map_or(Ok(0), |by| reminder_text::id(conn, plan.id, by))?;
        Ok(Self { plan, by, text, now })
    }

    /// Those that expire before the campaign does; false: there are none now.
    fn of_own_expiry(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let until: UntilRow = sql_query(format!(
            "SELECT max(expires_at) AS until FROM (
               SELECT delivery.expires_at FROM delivery JOIN campaign ON campaign.id = delivery.campaign_id
                 JOIN campaign_sending AS sending ON sending.campaign_id = campaign.id
               WHERE delivery.campaign_id = $1 AND expires_at > coalesce(reminded_until, '-infinity')
                 AND expires_at <= $2 + reminder_days * interval '1 day' AND expires_at < ends_at
               ORDER BY expires_at LIMIT {ROWS}) AS due"
        ))
        .bind::<BigInt, _>(self.plan.id)
        .bind::<Timestamptz, _>(self.now)
        .get_result(conn)?;
        let Some(until) = until.until else { return Ok(false) };
        self.queue(
            conn,
            "delivery.expires_at > coalesce(sending.reminded_until, '-infinity') AND delivery.expires_at <= $3
               AND delivery.expires_at < campaign.ends_at",
            "reminded_until = $3",
            Cursor::Until(until),
        )?;
        Ok(true)
    }

    /// Those that expire with the campaign, member by member.
    fn with_the_campaign(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let chunk: ChunkRow = sql_query(format!(
            "SELECT max(id) AS up_to, count(*) AS rows FROM (
               SELECT member.id FROM member, campaign_sending AS sending
               WHERE sending.campaign_id = $1 AND member.id > sending.reminded_up_to ORDER BY member.id LIMIT {ROWS}) AS chunk"
        ))
        .bind::<BigInt, _>(self.plan.id)
        .get_result(conn)?;
        let up_to = chunk.up_to.filter(|_| chunk.rows == ROWS).unwrap_or(ALL);
        self.queue(
            conn,
            "delivery.member_id > sending.reminded_up_to AND delivery.member_id <= $3
               AND coalesce(delivery.expires_at >= campaign.ends_at, true)",
            "reminded_up_to = $3",
            Cursor::UpTo(up_to),
        )
    }

    /// Whoever has it: it was sent, or waits in the app. Not for what was issued after its reminder was due, nor twice.
    fn queue(&self, conn: &mut PgConnection, which: &str, moved: &str, cursor: Cursor) -> QueryResult<()> {
        let queued = self.by.map(|by| {
            let (reached, address, states) = match by {
                MessageChannel::Sms => ("member.sms_consent AND member.phone IS NOT NULL", "member.phone", ""),
                MessageChannel::Email => ("member.email_consent AND member.email IS NOT NULL", "member.email", ""),
                MessageChannel::Push => (
                    "member.push_consent AND EXISTS (SELECT FROM push_subscription WHERE member_id = member.id)",
                    "''",
                    "'issued', 'queued', ",
                ),
            };
            format!(
                "WITH told AS (
                   INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, subject, body, text_id, created_at, next_attempt_at)
                   SELECT member.id, campaign.id, 'reminder', '{}', {address}, '', '', {}, $2, due.at
                   FROM campaign JOIN campaign_sending AS sending ON sending.campaign_id = campaign.id CROSS JOIN setting
                     JOIN delivery ON delivery.campaign_id = campaign.id JOIN member ON member.id = delivery.member_id
                     CROSS JOIN LATERAL (SELECT least(delivery.expires_at, campaign.ends_at) AS ends_at,
                       after_quiet($2, coalesce(member.time_zone, setting.time_zone), coalesce(quiet_from, '21:00'), coalesce(quiet_until, '09:00')) AS at) AS due
                   WHERE campaign.id = $1 AND delivery.state IN ({states}'sent', 'accepted', 'seen', 'uncertain') AND {which}
                     AND member.blocked_at IS NULL AND {reached} AND due.at < due.ends_at
                     AND delivery.issued_at < due.ends_at - campaign.reminder_days * interval '1 day'
                     AND NOT EXISTS (SELECT FROM message AS before WHERE before.member_id = member.id
                       AND before.campaign_id = campaign.id AND before.purpose = 'reminder')) ",
                by.key(),
                self.text
            )
        });
        let statement =
            format!("{}UPDATE campaign_sending SET {moved} WHERE campaign_id = $1", queued.unwrap_or_default());
        let query = sql_query(statement).bind::<BigInt, _>(self.plan.id).bind::<Timestamptz, _>(self.now);
        match cursor {
            Cursor::Until(until) => query.bind::<Timestamptz, _>(until).execute(conn),
            Cursor::UpTo(member) => query.bind::<BigInt, _>(member).execute(conn),
        }
        .map(|_| ())
    }
}

enum Cursor {
    Until(DateTime<Utc>),
    UpTo(i64),
}
