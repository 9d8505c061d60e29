//! Receivers become deliveries, with their codes and messages: the same for a chunk of members and for one.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use rand::seq::SliceRandom;

use super::hand_out;
use super::plan::{CodeSource, Plan};
use crate::campaigns::Audience;
use crate::campaigns::audience_sql::Bounds;
use crate::codes::generate::{Batch, Draw};
use crate::codes::store;

/// What the delivery says when all of many codes were handed out.
pub(super) const NO_CODE_LEFT: &str = "no code left";

#[derive(QueryableByName)]
pub(super) struct NumberRow {
    #[diesel(sql_type = BigInt)]
    pub number: i64,
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
    let receivers = Receivers::of(plan, audience, bounds);
    let issued = store::until_unique(conn, |conn| match plan.code_source() {
        CodeSource::One if !plan.has_messages() => shared_code(conn, plan, &receivers, now),
        CodeSource::One => {
            let members = receivers.load(conn)?;
            let codes = vec![plan.shared_code.clone(); members.len()];
            issue_given(conn, plan, &Given { members, codes }, now)
        }
        CodeSource::Many => {
            let members = receivers.load(conn)?;
            let given = hand_out::pairs(conn, plan, members)?;
            issue_given(conn, plan, &given, now)
        }
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

/// Receivers without a delivery, within bounds.
pub(super) struct Receivers {
    sql: String,
    is_one: bool,
}

impl Receivers {
    fn of(plan: &Plan, audience: &Audience, bounds: Bounds) -> Self {
        let sql = format!(
            "SELECT audience.id FROM ({}) AS audience WHERE NOT EXISTS (
               SELECT FROM delivery WHERE delivery.campaign_id = {} AND delivery.member_id = audience.id{})",
            audience.receivers_sql(bounds),
            plan.id,
            bounds.on("delivery.member_id")
        );
        Self { sql, is_one: bounds.up_to - bounds.after == 1 }
    }

    /// Their keys.
    pub fn load(&self, conn: &mut PgConnection) -> QueryResult<Vec<i64>> {
        self.join_by_hash(conn, "off")?;
        let rows: Vec<NumberRow> =
            sql_query(format!("SELECT id AS number FROM ({}) AS member", self.sql)).load(conn)?;
        self.join_by_hash(conn, "on")?;
        Ok(rows.into_iter().map(|row| row.number).collect())
    }

    /// For a chunk: the planner, taking a table that is being filled for an empty one, must not loop over it.
    fn join_by_hash(&self, conn: &mut PgConnection, nested_loops: &str) -> QueryResult<()> {
        if !self.is_one {
            sql_query(format!("SET LOCAL enable_nestloop = {nested_loops}")).execute(conn)?;
        }
        Ok(())
    }
}

/// The plain case, as quick as the database can: half a million in seconds.
fn shared_code(conn: &mut PgConnection, plan: &Plan, receivers: &Receivers, now: DateTime<Utc>) -> QueryResult<i64> {
    receivers.join_by_hash(conn, "off")?;
    let issued = sql_query(format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at, expires_at, code)
           SELECT id, {}, $1, $2, $3 FROM ({}) AS receiver",
        plan.id, receivers.sql
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
    .bind::<Nullable<Text>, _>(&plan.shared_code)
    .execute(conn)?;
    receivers.join_by_hash(conn, "on")?;
    Ok(i64::try_from(issued).unwrap_or(i64::MAX))
}

/// Receivers and the codes that are theirs, in the same order.
#[derive(Default)]
pub(super) struct Given {
    pub members: Vec<i64>,
    pub codes: Vec<Option<String>>,
}

fn personal_codes(conn: &mut PgConnection, plan: &Plan, receivers: &Receivers, now: DateTime<Utc>) -> QueryResult<i64> {
    let mut members = receivers.load(conn)?;
    if members.is_empty() {
        return Ok(0);
    }
    members.shuffle(&mut rand::rng());
    let (mut batch, mut codes) = (Batch::default(), Vec::with_capacity(members.len()));
    let mut draw = Draw::of_checked(plan.code_format(), members.len() as u64);
    while draw.fill(&mut batch) {
        store::copy(conn, plan.id, &batch, &members[codes.len()..])?;
        codes.extend(batch.iter().map(|text| Some(text.to_owned())));
    }
    issue_given(conn, plan, &Given { members, codes }, now)
}

/// Deliveries and messages, in one statement.
fn issue_given(conn: &mut PgConnection, plan: &Plan, given: &Given, now: DateTime<Utc>) -> QueryResult<i64> {
    let id = plan.id;
    let (token, sent_at) = if plan.has_messages() {
        ("gen_random_uuid()", "CASE WHEN code IS NOT NULL THEN $1 END")
    } else {
        ("NULL::uuid", "NULL::timestamptz")
    };
    sql_query(format!(
        "WITH issued AS (
             INSERT INTO delivery (member_id, campaign_id, issued_at, expires_at, code, token, sent_at, reason)
               SELECT member_id, {id}, $1, $2, code, {token}, {sent_at},
                 CASE WHEN code IS NULL THEN '{NO_CODE_LEFT}' END FROM unnest($3, $4) AS given (member_id, code)
             RETURNING member_id, code, token){}
         SELECT count(*) AS number FROM issued",
        if plan.has_messages() { messages(plan) } else { String::new() }
    ))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<Timestamptz>, _>(plan.expires_at(now))
    .bind::<Array<BigInt>, _>(&given.members)
    .bind::<Array<Nullable<Text>>, _>(&given.codes)
    .get_result::<NumberRow>(conn)
    .map(|row| row.number)
}

/// What the receivers of `issued` are told.
pub(super) fn messages(plan: &Plan) -> String {
    format!(
        ", told AS (
           INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, subject, body, created_at)
             SELECT member.id, campaign.id, 'coupon', campaign.channel,
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
