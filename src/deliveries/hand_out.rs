//! One of many codes for each receiver, as long as there are any.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use rand::seq::SliceRandom;

use super::plan::Plan;
use super::rows::{self, Given, NO_CODE_LEFT, NumberRow};
use crate::ids::CampaignId;
use crate::schema::{code, delivery};

/// Members who are handed a late code in one transaction.
const LATE: i64 = 20_000;

/// Pairs the receivers with codes that nobody has yet. Codes lie in sorted order; receivers get them in a random one.
/// Where codes run out, the last receivers get none.
pub(super) fn pairs(conn: &mut PgConnection, plan: &Plan, mut members: Vec<i64>) -> QueryResult<Given> {
    if members.is_empty() {
        return Ok(Given::default());
    }
    members.shuffle(&mut rand::rng());
    let mut codes: Vec<Option<String>> =
        free(conn, plan.id, members.len() as i64)?.into_iter().map(Option::Some).collect();
    codes.resize(members.len(), None);
    let given = Given { members, codes };
    sql_query(
        "UPDATE code SET member_id = given.member_id FROM unnest($1, $2) AS given (member_id, code)
         WHERE code.text = given.code",
    )
    .bind::<Array<BigInt>, _>(&given.members)
    .bind::<Array<Nullable<Text>>, _>(&given.codes)
    .execute(conn)?;
    Ok(given)
}

/// Locked, so that no other transaction hands them out; those that another has locked are passed over.
fn free(conn: &mut PgConnection, campaign: CampaignId, count: i64) -> QueryResult<Vec<String>> {
    code::table
        .filter(code::campaign_id.eq(campaign).and(code::member_id.is_null()).and(code::uses_taken.eq(0)))
        .order(code::text)
        .limit(count)
        .select(code::text)
        .for_no_key_update()
        .skip_locked()
        .load(conn)
}

/// Members who were told "no code left" get one, now that more were made.
pub(super) fn late(conn: &mut PgConnection, plan: &Plan, now: DateTime<Utc>) -> QueryResult<i64> {
    let id = plan.id;
    let waiting = delivery::table
        .filter(delivery::campaign_id.eq(id).and(delivery::code.is_null()).and(delivery::withdrawn_at.is_null()))
        .filter(delivery::reason.eq(NO_CODE_LEFT))
        .order(delivery::member_id)
        .limit(LATE)
        .select(delivery::member_id)
        .load(conn)?;
    let given = pairs(conn, plan, waiting)?;
    let (sent_at, told) =
        if plan.has_messages() { ("$1", rows::messages(plan)) } else { ("NULL::timestamptz", String::new()) };
    sql_query(format!(
        "WITH issued AS (
             UPDATE delivery SET code = given.code, reason = NULL, sent_at = {sent_at}, expires_at = $2
             FROM unnest($3, $4) AS given (member_id, code)
             WHERE delivery.member_id = given.member_id AND delivery.campaign_id = {id} AND given.code IS NOT NULL
             RETURNING delivery.member_id, delivery.code, delivery.token){told}
         SELECT count(*) AS number FROM issued"
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
    .bind::<Array<BigInt>, _>(&given.members)
    .bind::<Array<Nullable<Text>>, _>(&given.codes)
    .get_result::<NumberRow>(conn)
    .map(|row| row.number)
}
