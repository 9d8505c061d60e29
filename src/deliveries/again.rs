//! Who was skipped may get it after all: a decision that is made again, and whose reason no longer holds.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Bool;

use super::hand_out;
use super::plan::Plan;
use super::receivers::{GIVEN, Given, decisions};
use super::rows;
use super::terms::Terms;
use crate::campaigns::audience_sql::Bounds;

/// Reasons that lie with the member, or with the hour. (Codes that ran out: `late`.)
const MAY_PASS: &str = "'blocked', 'no_address', 'no_consent', 'unsubscribed', 'quiet'";

#[derive(QueryableByName)]
struct ThereRow {
    #[diesel(sql_type = Bool)]
    there: bool,
}

/// Issues to those within the bounds who were skipped and are receivers now; says to how many.
pub(super) fn issue(
    conn: &mut PgConnection,
    plan: &Plan,
    terms: &Terms,
    bounds: Bounds,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let skipped = format!(
        "delivery WHERE delivery.campaign_id = {} AND delivery.state = 'skipped' AND delivery.reason IN ({MAY_PASS}){}",
        plan.id,
        bounds.on("delivery.member_id")
    );
    let there: ThereRow = sql_query(format!("SELECT EXISTS (SELECT FROM {skipped}) AS there")).get_result(conn)?;
    if !there.there {
        return Ok(0);
    }
    let query = format!(
        "SELECT decided.* FROM ({}) AS decided
         WHERE decided.reason IS NULL AND decided.id IN (SELECT delivery.member_id FROM {skipped})",
        decisions(plan, terms, bounds, now)
    );
    let given = Given::load(conn, &query)?;
    give(conn, plan, terms, given, now)
}

/// Issues to whoever of these is a receiver; who has a code already keeps it.
pub(super) fn give(
    conn: &mut PgConnection,
    plan: &Plan,
    terms: &Terms,
    mut given: Given,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let mut had = codes_had(conn, plan, &given.members)?;
    let mut without = Given::default();
    let mut with = Given::default();
    for place in 0..given.members.len() {
        let code = had.remove(&given.members[place]);
        let part = if code.is_some() { &mut with } else { &mut without };
        part.members.push(given.members[place]);
        part.codes.push(code);
        part.reasons.push(given.reasons[place].take());
        part.through.push(given.through[place]);
        part.next.push(given.next[place]);
        part.recipients.push(given.recipients[place].take());
    }
    hand_out::give(conn, plan, &mut without)?;
    let statement = update(plan, terms);
    let expires_at = plan.expires_at(now);
    Ok(with.run(conn, &statement, now, expires_at)? + without.run(conn, &statement, now, expires_at)?)
}

/// Who was skipped only when it was to be sent has a code since it was issued.
fn codes_had(conn: &mut PgConnection, plan: &Plan, members: &[i64]) -> QueryResult<HashMap<i64, String>> {
    use crate::schema::delivery;
    if members.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(i64, String)> = delivery::table
        .filter(delivery::campaign_id.eq(plan.id).and(delivery::member_id.eq_any(members)))
        .filter(delivery::code.is_not_null())
        .select((delivery::member_id, delivery::code.assume_not_null()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Those who still get nothing keep their row; the reason follows.
fn update(plan: &Plan, terms: &Terms) -> String {
    let token = if plan.has_links() { "coalesce(delivery.token, gen_random_uuid())" } else { "delivery.token" };
    let told = rows::messages(
        plan,
        terms,
        "given JOIN issued ON issued.member_id = given.member_id WHERE given.reason IS NULL AND given.next IS NOT NULL",
    );
    let queued = if told.is_empty() { "NULL::timestamptz" } else { "CASE WHEN given.next IS NOT NULL THEN $1 END" };
    format!(
        "WITH given AS ({GIVEN}),
              issued AS (
           UPDATE delivery SET reason = given.reason,
             skipped_at = CASE WHEN given.reason IS NOT NULL THEN delivery.skipped_at END,
             issued_at = CASE WHEN given.reason IS NULL THEN $1 ELSE delivery.issued_at END,
             expires_at = CASE WHEN given.reason IS NULL THEN $2 END,
             code = given.code, token = CASE WHEN given.reason IS NULL THEN {token} ELSE delivery.token END,
             queued_at = CASE WHEN given.reason IS NULL THEN {queued} END,
             through = delivery.through | given.through
           FROM given
           WHERE delivery.member_id = given.member_id AND delivery.campaign_id = {} AND delivery.state = 'skipped'
           RETURNING delivery.member_id, given.reason){told}
         SELECT FROM issued WHERE reason IS NULL",
        plan.id
    )
}
