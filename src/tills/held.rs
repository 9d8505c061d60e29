//! A reservation: codes that were reserved together, and are validated or cancelled together.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::attempt::{About, Act, Till};
use super::coupon::{COLUMNS, Coupon};
use super::refusal::{Refused, TillRefusal};
use super::{lock, overdue};
use crate::campaigns::Status;
use crate::db::Kept;
use crate::memberships::refusal::{Inactive, NotYours, Refusal};

/// What is reserved, and what became of it.
#[derive(Debug, Clone)]
pub struct Basket {
    /// Key.
    pub id: Uuid,
    /// As the till called itself.
    pub till: String,
    /// Since.
    pub reserved_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
    /// Used.
    pub validated_at: Option<DateTime<Utc>>,
    /// Given back.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Ended by itself.
    pub expired_at: Option<DateTime<Utc>>,
    /// One for each code.
    pub lines: Vec<Line>,
}

/// One code of it.
#[derive(Debug, Clone)]
pub struct Line {
    /// The coupon.
    pub coupon: Coupon,
    /// Its validation, once it was used.
    pub validation: Option<i64>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    till: String,
    #[diesel(sql_type = Timestamptz)]
    reserved_at: DateTime<Utc>,
    #[diesel(sql_type = Timestamptz)]
    held_until: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    held_validated: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    held_cancelled: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    held_expired: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<BigInt>)]
    validation: Option<i64>,
    #[diesel(embed)]
    coupon: Coupon,
}

#[derive(QueryableByName)]
struct ValidatedRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    code: String,
}

/// Of the key itself, or of another till of its shop.
pub(super) const OWN: &str = "(api_key_id = $3 OR $4 <> '' AND EXISTS (
    SELECT FROM api_key WHERE api_key.id = api_key_id AND lower(api_key.shop) = lower($4)))";

static LOAD: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT held.till, held.reserved_at, held.ends_at AS held_until, held.validated_at AS held_validated,
          held.cancelled_at AS held_cancelled, held.expired_at AS held_expired,
          (SELECT validation.id FROM validation
             WHERE validation.reservation_id = held.id AND validation.code = held.code) AS validation, {COLUMNS}
        FROM reservation AS held JOIN code ON code.text = held.code JOIN campaign ON campaign.id = held.campaign_id
        LEFT JOIN member ON member.id = held.member_id
        LEFT JOIN delivery ON delivery.member_id = member.id AND delivery.campaign_id = campaign.id
        WHERE held.id = $2 AND {} ORDER BY held.code",
        OWN.replace("api_key_id", "held.api_key_id")
    )
});
static LOCK: LazyLock<String> = LazyLock::new(|| format!("{} FOR UPDATE OF held", *LOAD));

impl Basket {
    fn load(conn: &mut PgConnection, till: &Till, id: Uuid, sql: &str) -> QueryResult<Option<Self>> {
        let rows: Vec<Row> = Kept(
            sql_query(sql)
                .bind::<Timestamptz, _>(till.now)
                .bind::<SqlUuid, _>(id)
                .bind::<BigInt, _>(till.key_id)
                .bind::<Text, _>(&till.shop),
        )
        .load(conn)?;
        let Some(first) = rows.first() else { return Ok(None) };
        Ok(Some(Self {
            id,
            till: first.till.clone(),
            reserved_at: first.reserved_at,
            ends_at: first.held_until,
            // together they were reserved, together they end; should one ever not, the others are not used without it
            validated_at: rows.iter().find_map(|row| row.held_validated),
            cancelled_at: rows.iter().find_map(|row| row.held_cancelled),
            expired_at: rows.iter().find_map(|row| row.held_expired),
            lines: rows.into_iter().map(|row| Line { coupon: row.coupon, validation: row.validation }).collect(),
        }))
    }

    fn about(&self) -> About {
        self.lines.first().map(|line| About::of(&line.coupon)).unwrap_or_default()
    }

    /// Why it can no longer be validated, if it cannot.
    fn refusal(&self, now: DateTime<Utc>) -> Option<TillRefusal> {
        if let Some(at) = self.validated_at {
            return Some(TillRefusal::ReservationValidated(at));
        }
        if let Some(at) = self.cancelled_at {
            return Some(TillRefusal::ReservationCancelled(at));
        }
        if self.expired_at.is_some() || self.ends_at <= now {
            return Some(TillRefusal::ReservationEnded(self.ends_at));
        }
        // what was promised is kept after the campaign's end, but not when someone stopped it
        self.lines.iter().find_map(|line| stopped(&line.coupon, now))
    }
}

fn stopped(coupon: &Coupon, now: DateTime<Utc>) -> Option<TillRefusal> {
    let refusal = match coupon.marks.status(now) {
        Status::Cancelled => Refusal::CampaignNotActive(Inactive::Cancelled),
        Status::Paused => Refusal::CampaignNotActive(Inactive::Paused),
        _ if coupon.blocked => Refusal::NotAReceiver(NotYours::Blocked),
        _ if coupon.owner.is_some() && coupon.withdrawn => Refusal::NotAReceiver(NotYours::Withdrawn),
        _ => return None,
    };
    Some(refusal.into())
}

/// A reservation of this key or shop.
pub fn find(conn: &mut PgConnection, till: &Till, id: Uuid) -> QueryResult<Option<Basket>> {
    Basket::load(conn, till, id, &LOAD)
}

/// Uses what is reserved.
pub fn validate_basket(conn: &mut PgConnection, till: &Till, id: Uuid) -> QueryResult<Result<Basket, Refused>> {
    let Some(mut basket) = Basket::load(conn, till, id, &LOCK)? else { return unknown(conn, till, Act::Validate, id) };
    if let Some(refusal) = basket.refusal(till.now) {
        if let TillRefusal::ReservationEnded(_) = refusal
            && let Some(line) = basket.lines.first()
        {
            // our own lock does not make it pass over them
            overdue::of_code(conn, &line.coupon.text, till.now)?;
        }
        return Ok(Err(till.refuse(conn, Act::Validate, &basket.about(), refusal)?.into()));
    }
    lock::members(conn, basket.lines.iter().filter_map(|line| line.coupon.member_id).collect())?;
    let validated = mark_validated(conn, till, id)?;
    for line in &mut basket.lines {
        line.validation = validated.iter().find(|row| row.code == line.coupon.text).map(|row| row.id);
    }
    basket.validated_at = Some(till.now);
    Ok(Ok(basket))
}

/// Gives back what is reserved; again does no harm.
pub fn cancel(conn: &mut PgConnection, till: &Till, id: Uuid) -> QueryResult<Result<Basket, Refused>> {
    let Some(basket) = Basket::load(conn, till, id, &LOCK)? else { return unknown(conn, till, Act::Cancel, id) };
    if let Some(at) = basket.validated_at {
        let refusal = TillRefusal::ReservationValidated(at);
        return Ok(Err(till.refuse(conn, Act::Cancel, &basket.about(), refusal)?.into()));
    }
    till.note(conn, Act::Cancel, &basket.about(), "ok")?;
    if basket.cancelled_at.is_some() || basket.expired_at.is_some() {
        return Ok(Ok(basket));
    }
    give_back(conn, till, id)?;
    Ok(find(conn, till, id)?.ok_or_else(|| TillRefusal::NotFound.into()))
}

fn unknown(conn: &mut PgConnection, till: &Till, act: Act, id: Uuid) -> QueryResult<Result<Basket, Refused>> {
    Ok(Err(till.refuse(conn, act, &About::typed(&id.to_string()), TillRefusal::NotFound)?.into()))
}

fn mark_validated(conn: &mut PgConnection, till: &Till, id: Uuid) -> QueryResult<Vec<ValidatedRow>> {
    Kept(
        sql_query(
            "WITH held AS (
               UPDATE reservation SET validated_at = $2
               WHERE id = $1 AND validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL
               RETURNING code, campaign_id, member_id),
             validated AS (
               INSERT INTO validation (campaign_id, code, member_id, at, via, api_key_id, till, reservation_id)
               SELECT campaign_id, code, member_id, $2, 'till', $3, $4, $1 FROM held RETURNING id, code),
             counted AS (
               INSERT INTO campaign_count (campaign_id, validated) SELECT campaign_id, count(*) FROM held GROUP BY 1),
             delivered AS (
               UPDATE delivery SET validated_at = coalesce(delivery.validated_at, $2) FROM held
               WHERE delivery.member_id = held.member_id AND delivery.campaign_id = held.campaign_id
                 AND withdrawn_at IS NULL AND skipped_at IS NULL),
             attempted AS (
               INSERT INTO till_attempt (at, api_key_id, till, act, text, campaign_id, member_id, outcome)
               SELECT $2, $3, $4, 'validate', code, campaign_id, member_id, 'ok' FROM held)
             SELECT id, code FROM validated",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(till.now)
        .bind::<BigInt, _>(till.key_id)
        .bind::<Text, _>(&till.name),
    )
    .load(conn)
}

fn give_back(conn: &mut PgConnection, till: &Till, id: Uuid) -> QueryResult<usize> {
    Kept(
        sql_query(
            "WITH held AS (
               UPDATE reservation SET cancelled_at = $2
               WHERE id = $1 AND validated_at IS NULL AND cancelled_at IS NULL AND expired_at IS NULL RETURNING code),
             locked AS (SELECT text FROM code WHERE text IN (SELECT code FROM held) ORDER BY text FOR UPDATE)
             UPDATE code SET uses_taken = uses_taken - 1 FROM locked WHERE code.text = locked.text",
        )
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(till.now),
    )
    .execute(conn)
}
