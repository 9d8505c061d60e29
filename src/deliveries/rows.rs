//! Receivers become deliveries, with their codes and messages: the same for a chunk of members and for one.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::plan::{CodeSource, Plan};
use super::receivers::{GIVEN, Receivers};
use super::terms::Terms;
use super::{again, hand_out};
use crate::campaigns::audience_sql::Bounds;
use crate::codes::store;

#[derive(QueryableByName)]
pub(super) struct NumberRow {
    #[diesel(sql_type = BigInt)]
    pub number: i64,
}

/// Writes the ledger of those within the bounds who have no delivery yet, and decides again about those who were
/// skipped; says how many rows. A row that another transaction stores at the same time is waited for; then all is
/// tried again without it, so nobody gets two.
pub(super) fn issue(
    conn: &mut PgConnection,
    plan: &Plan,
    terms: &Terms,
    bounds: Bounds,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let receivers = Receivers::new(plan, terms, bounds, now);
    store::until_unique(conn, |conn| {
        let again = again::issue(conn, plan, terms, bounds, now)?;
        let new = match plan.code_source() {
            CodeSource::One => shared_code(conn, plan, terms, &receivers, now)?,
            CodeSource::Many | CodeSource::Personal => {
                let mut given = receivers.load(conn)?;
                hand_out::give(conn, plan, &mut given)?;
                given.run(conn, &insert(plan, terms, GIVEN), now, plan.expires_at(now))?
            }
        };
        Ok(again + new)
    })
}

/// The plain case, as quick as the database can: half a million in seconds.
fn shared_code(
    conn: &mut PgConnection,
    plan: &Plan,
    terms: &Terms,
    receivers: &Receivers,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    receivers.join_by_hash(conn, "off")?;
    let source = format!(
        "SELECT id AS member_id, $3 AS code, reason, through, next, recipient FROM ({}) AS receiver",
        receivers.sql
    );
    let rows = sql_query(insert(plan, terms, &source))
        .bind::<Timestamptz, _>(now)
        .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
        .bind::<Nullable<Text>, _>(&plan.shared_code)
        .execute(conn)?;
    receivers.join_by_hash(conn, "on")?;
    Ok(i64::try_from(rows).unwrap_or(i64::MAX))
}

/// Deliveries and messages of (`member_id`, `code`, `reason`, `through`, `next`, `recipient`), in one statement.
fn insert(plan: &Plan, terms: &Terms, source: &str) -> String {
    let id = plan.id;
    let token = if plan.has_links() { "CASE WHEN reason IS NULL THEN gen_random_uuid() END" } else { "NULL::uuid" };
    let told = messages(plan, terms, "given WHERE given.reason IS NULL AND given.next IS NOT NULL");
    let queued =
        if told.is_empty() { "NULL::timestamptz" } else { "CASE WHEN reason IS NULL AND next IS NOT NULL THEN $1 END" };
    format!(
        "WITH given AS ({source}){told}
         INSERT INTO delivery (member_id, campaign_id, issued_at, expires_at, code, token, through, queued_at, skipped_at, reason)
           SELECT member_id, {id}, $1, CASE WHEN reason IS NULL THEN $2 END, CASE WHEN reason IS NULL THEN code END, {token},
             through, {queued}, CASE WHEN reason IS NOT NULL THEN $1 END, reason FROM given"
    )
}

/// What those of `given` are told, as a further part of a statement; empty where there are no messages.
pub(super) fn messages(plan: &Plan, terms: &Terms, given: &str) -> String {
    let (Some(by), Some(text)) = (plan.told_by(), terms.text) else { return String::new() };
    format!(
        ", told AS (
           INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, subject, body, text_id, created_at, next_attempt_at)
             SELECT given.member_id, {}, 'coupon', '{}', given.recipient, '', '', {text}, $1, given.next FROM {given})",
        plan.id,
        by.key()
    )
}
