//! A validation is taken back: its use is there again.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use super::attempt::{About, Act, Till};
use super::coupon::{COLUMNS, Coupon};
use super::held::OWN;
use super::lock;
use super::refusal::{Refused, TillRefusal};
use super::take::Validated;
use crate::db::Kept;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Timestamptz)]
    used_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    reversed_at: Option<DateTime<Utc>>,
    #[diesel(embed)]
    coupon: Coupon,
}

static LOCK: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT used.at AS used_at, used.reversed_at, {COLUMNS}
        FROM validation AS used JOIN code ON code.text = used.code JOIN campaign ON campaign.id = used.campaign_id
        LEFT JOIN member ON member.id = used.member_id
        LEFT JOIN delivery ON delivery.member_id = member.id AND delivery.campaign_id = campaign.id
        WHERE used.id = $2 AND used.via = 'till' AND {} FOR UPDATE OF used",
        OWN.replace("api_key_id", "used.api_key_id")
    )
});

/// Takes back a validation of this key or shop, as long as the organisation allows.
pub fn reverse(conn: &mut PgConnection, till: &Till, id: i64) -> QueryResult<Result<Validated, Refused>> {
    let row: Option<Row> = Kept(
        sql_query(LOCK.as_str())
            .bind::<Timestamptz, _>(till.now)
            .bind::<BigInt, _>(id)
            .bind::<BigInt, _>(till.key_id)
            .bind::<Text, _>(&till.shop),
    )
    .get_result(conn)
    .optional()?;
    let Some(Row { used_at, reversed_at, mut coupon }) = row else {
        let about = About::typed(&id.to_string());
        return Ok(Err(till.refuse(conn, Act::Reverse, &about, TillRefusal::NotFound)?.into()));
    };
    let minutes = till.organisation.reversal_minutes;
    let refusal = match reversed_at {
        Some(at) => Some(TillRefusal::AlreadyReversed(at)),
        None if till.now >= used_at + Duration::minutes(minutes.into()) => {
            Some(TillRefusal::ReversalTooLate { minutes })
        }
        None => None,
    };
    if let Some(refusal) = refusal {
        return Ok(Err(till.refuse(conn, Act::Reverse, &About::of(&coupon), refusal)?.into()));
    }
    lock::members(conn, coupon.member_id.into_iter().collect())?;
    mark(conn, till, id)?;
    coupon.uses_taken -= 1;
    coupon.uses_by_member -= i64::from(coupon.member_id.is_some());
    Ok(Ok(Validated { id, at: used_at, reversed_at: Some(till.now), coupon }))
}

fn mark(conn: &mut PgConnection, till: &Till, id: i64) -> QueryResult<()> {
    Kept(
        sql_query(
            "WITH reversed AS (
               UPDATE validation SET reversed_at = $2 WHERE id = $1 AND reversed_at IS NULL
               RETURNING id, code, campaign_id, member_id),
             given AS (UPDATE code SET uses_taken = uses_taken - 1 FROM reversed WHERE code.text = reversed.code),
             counted AS (INSERT INTO campaign_count (campaign_id, validated) SELECT campaign_id, -1 FROM reversed),
             delivered AS (
               UPDATE delivery SET validated_at = NULL FROM reversed
               WHERE delivery.member_id = reversed.member_id AND delivery.campaign_id = reversed.campaign_id
                 AND NOT EXISTS (
                   SELECT FROM validation AS other WHERE other.member_id = reversed.member_id
                     AND other.campaign_id = reversed.campaign_id AND other.id <> reversed.id
                     AND other.reversed_at IS NULL))
             INSERT INTO till_attempt (at, api_key_id, till, act, text, campaign_id, member_id, outcome)
               SELECT $2, $3, $4, 'reverse', code, campaign_id, member_id, 'ok' FROM reversed",
        )
        .bind::<BigInt, _>(id)
        .bind::<Timestamptz, _>(till.now)
        .bind::<BigInt, _>(till.key_id)
        .bind::<Text, _>(&till.name),
    )
    .execute(conn)
    .map(|_| ())
}
