//! Receivers become deliveries, with their codes and messages: the same for a chunk of members and for one.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use rand::seq::SliceRandom;

use super::plan::{CodeSource, Plan};
use crate::campaigns::Audience;
use crate::campaigns::audience_sql::Bounds;
use crate::codes::generate::{Batch, Draw};
use crate::codes::store;

/// What the delivery says when all of many codes were handed out.
pub(super) const NO_CODE_LEFT: &str = "no code left";

#[derive(QueryableByName)]
struct NumberRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Issues to those receivers within the bounds who have no delivery yet, and says to how many. A row that another
/// transaction stores at the same time is waited for; then all is tried again without it, so nobody gets two.
pub(super) fn issue(
    conn: &mut PgConnection,
    plan: &Plan,
    audience: &Audience,
    bounds: Bounds,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let receivers = receivers(plan, audience, bounds);
    let issued = store::until_unique(conn, |conn| match plan.code_source() {
        CodeSource::One if !plan.has_messages() => shared_code(conn, plan, &receivers, now),
        CodeSource::One => {
            let pairs = format!("SELECT id AS member_id, $3 AS code FROM ({receivers}) AS receiver");
            issue_pairs(conn, plan, &pairs, &Given::default(), now)
        }
        CodeSource::Many => issue_pairs(conn, plan, &handed_out(plan, &receivers), &Given::default(), now),
        CodeSource::Personal => personal_codes(conn, plan, &receivers, now),
    })?;
    if issued > 0 {
        sql_query("INSERT INTO campaign_count (campaign_id, issued) VALUES ($1, $2)")
            .bind::<BigInt, _>(plan.id)
            .bind::<BigInt, _>(issued)
            .execute(conn)?;
    }
    Ok(issued)
}

fn receivers(plan: &Plan, audience: &Audience, bounds: Bounds) -> String {
    format!(
        "SELECT audience.id FROM ({}) AS audience WHERE audience.part = 'receivers' AND NOT EXISTS (
           SELECT FROM delivery WHERE delivery.campaign_id = {} AND delivery.member_id = audience.id{})",
        audience.sql(bounds),
        plan.id,
        bounds.on("delivery.member_id")
    )
}

/// The plain case, as quick as the database can: half a million in seconds.
fn shared_code(conn: &mut PgConnection, plan: &Plan, receivers: &str, now: DateTime<Utc>) -> QueryResult<i64> {
    let issued = sql_query(format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at, expires_at, code)
           SELECT id, {}, $1, $2, $3 FROM ({receivers}) AS receiver",
        plan.id
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
    .bind::<Nullable<Text>, _>(&plan.shared_code)
    .execute(conn)?;
    Ok(i64::try_from(issued).unwrap_or(i64::MAX))
}

/// Each receiver with a code that nobody has yet. Codes lie in sorted order; receivers draw them in a random one.
fn handed_out(plan: &Plan, receivers: &str) -> String {
    let id = plan.id;
    format!(
        "WITH receiver AS MATERIALIZED (SELECT id, row_number() OVER (ORDER BY random()) AS place FROM ({receivers}) AS found),
           free AS (SELECT text FROM code WHERE campaign_id = {id} AND member_id IS NULL AND uses_taken = 0
             ORDER BY text LIMIT (SELECT count(*) FROM receiver) FOR UPDATE SKIP LOCKED)
         SELECT receiver.id AS member_id, numbered.text AS code FROM receiver
         LEFT JOIN (SELECT text, row_number() OVER () AS place FROM free) AS numbered USING (place)"
    )
}

#[derive(Default)]
struct Given {
    members: Vec<i64>,
    codes: Vec<String>,
}

fn personal_codes(conn: &mut PgConnection, plan: &Plan, receivers: &str, now: DateTime<Utc>) -> QueryResult<i64> {
    let found: Vec<NumberRow> = sql_query(format!("SELECT id AS number FROM ({receivers}) AS receiver")).load(conn)?;
    if found.is_empty() {
        return Ok(0);
    }
    let mut members: Vec<i64> = found.into_iter().map(|row| row.number).collect();
    members.shuffle(&mut rand::rng());
    let (mut batch, mut codes) = (Batch::default(), Vec::with_capacity(members.len()));
    let mut draw = Draw::of_checked(plan.code_format(), members.len() as u64);
    while draw.fill(&mut batch) {
        store::copy(conn, plan.id, &batch, &members[codes.len()..])?;
        codes.extend(batch.iter().map(str::to_owned));
    }
    let pairs = "SELECT member_id, code FROM unnest($4, $5) AS given (member_id, code)";
    issue_pairs(conn, plan, pairs, &Given { members, codes }, now)
}

/// Deliveries, hand-outs and messages from pairs of (`member_id`, `code`), in one statement.
fn issue_pairs(
    conn: &mut PgConnection,
    plan: &Plan,
    pairs: &str,
    given: &Given,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    let id = plan.id;
    let (token, sent_at) = if plan.has_messages() {
        ("gen_random_uuid()", "CASE WHEN code IS NOT NULL THEN $1 END")
    } else {
        ("NULL::uuid", "NULL::timestamptz")
    };
    let handed = match plan.code_source() {
        CodeSource::Many => {
            "handed AS (UPDATE code SET member_id = pair.member_id FROM pair WHERE code.text = pair.code),"
        }
        CodeSource::One | CodeSource::Personal => "",
    };
    sql_query(format!(
        "WITH pair AS MATERIALIZED ({pairs}),
           {handed}
           issued AS (
             INSERT INTO delivery (member_id, campaign_id, issued_at, expires_at, code, token, sent_at, reason)
               SELECT member_id, {id}, $1, $2, code, {token}, {sent_at},
                 CASE WHEN code IS NULL THEN '{NO_CODE_LEFT}' END FROM pair
             RETURNING member_id, code, token){}
         SELECT count(*) AS number FROM issued",
        if plan.has_messages() { messages(plan) } else { String::new() }
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
    .bind::<Nullable<Text>, _>(&plan.shared_code)
    .bind::<Array<BigInt>, _>(&given.members)
    .bind::<Array<Text>, _>(&given.codes)
    .get_result::<NumberRow>(conn)
    .map(|row| row.number)
}

/// What the receivers of `issued` are told.
fn messages(plan: &Plan) -> String {
    format!(
        ", told AS (
           INSERT INTO message (member_id, campaign_id, channel, recipient, subject, body, created_at)
             SELECT member.id, campaign.id, campaign.channel,
               CASE campaign.channel WHEN 'sms' THEN member.phone ELSE member.email END,
               CASE campaign.channel WHEN 'sms' THEN '' ELSE campaign.email_subject END,
               replace(CASE campaign.channel WHEN 'sms' THEN campaign.sms_text ELSE campaign.email_body END,
                 '{{link}}', setting.public_url || '/c/' || issued.token),
               $1
             FROM issued JOIN member ON member.id = issued.member_id JOIN campaign ON campaign.id = {}
               CROSS JOIN setting
             WHERE issued.code IS NOT NULL)",
        plan.id
    )
}

/// Members who were told "no code left" get one, now that more were made.
pub(super) fn hand_out_late(conn: &mut PgConnection, plan: &Plan, now: DateTime<Utc>) -> QueryResult<i64> {
    let id = plan.id;
    let waiting = format!(
        "SELECT member_id AS id FROM delivery WHERE campaign_id = {id} AND code IS NULL AND withdrawn_at IS NULL
           AND reason = '{NO_CODE_LEFT}'"
    );
    let (sent_at, told) =
        if plan.has_messages() { ("$1", messages(plan)) } else { ("NULL::timestamptz", String::new()) };
    sql_query(format!(
        "WITH pair AS MATERIALIZED ({}),
           handed AS (UPDATE code SET member_id = pair.member_id FROM pair WHERE code.text = pair.code),
           issued AS (
             UPDATE delivery SET code = pair.code, reason = NULL, sent_at = {sent_at}, expires_at = $2
             FROM pair WHERE delivery.member_id = pair.member_id AND delivery.campaign_id = {id}
               AND pair.code IS NOT NULL
             RETURNING delivery.member_id, delivery.code, delivery.token){told}
         SELECT count(*) AS number FROM issued",
        handed_out(plan, &waiting)
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
    .get_result::<NumberRow>(conn)
    .map(|row| row.number)
}
