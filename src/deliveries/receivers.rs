//! The decision about each member of a campaign's audience: issued, or skipped and why, and when they are told.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::plan::Plan;
use super::skip::Skip;
use super::terms::Terms;
use crate::campaigns::audience_sql::Bounds;
use crate::channels::MessageChannel;

/// A query of (`id`, `reason`, `through`, `next`, `recipient`): `reason` is null for whoever gets it; `next` is when
/// their message may go, null where there is none.
pub(super) fn decisions(plan: &Plan, terms: &Terms, bounds: Bounds, now: DateTime<Utc>) -> String {
    let by = plan.told_by();
    let (next, recipient) = (next(plan, terms, by, now), recipient(by));
    let ledger =
        terms.audience.ledger_sql(bounds, &terms.places, &format!(", {next} AS next, {recipient} AS recipient"));
    let late = if terms.is_dropped { Some(format!(", '{}'", Skip::Late.key())) } else { None };
    // a notification that comes too late is left out; the coupon is in the app all the same
    let quiet = plan
        .over_at(now)
        .filter(|_| is_quiet(plan) && plan.has_links())
        .map(|over| format!(", CASE WHEN next >= {} THEN '{}' END", instant(over), Skip::Quiet.key()));
    let more: String = late.into_iter().chain(quiet).collect();
    let reason = if more.is_empty() { "reason".to_owned() } else { format!("coalesce(reason{more})") };
    format!("SELECT id, {reason} AS reason, through, next, recipient FROM ({ledger}) AS ledger")
}

fn is_quiet(plan: &Plan) -> bool {
    plan.quiet_from.is_some() && plan.quiet_until.is_some()
}

/// When a member's message may go: now, or after the quiet hours of where they are.
fn next(plan: &Plan, terms: &Terms, by: Option<MessageChannel>, now: DateTime<Utc>) -> String {
    let Some(by) = by else { return "NULL::timestamptz".to_owned() };
    let at = match (plan.quiet_from, plan.quiet_until) {
        (Some(from), Some(until)) => format!(
            "after_quiet({}, coalesce(member.time_zone, '{}'), '{from}', '{until}')",
            instant(now),
            terms.zone.name()
        ),
        _ => instant(now),
    };
    if by != MessageChannel::Push {
        return at;
    }
    let in_time = plan.over_at(now).filter(|_| is_quiet(plan)).map(|over| format!(" AND {at} < {}", instant(over)));
    format!(
        "CASE WHEN member.push_consent AND EXISTS (SELECT FROM push_subscription WHERE member_id = member.id){}
           THEN {at} END",
        in_time.unwrap_or_default()
    )
}

fn recipient(by: Option<MessageChannel>) -> &'static str {
    match by {
        Some(MessageChannel::Sms) => "member.phone",
        Some(MessageChannel::Email) => "member.email",
        // all of their browsers
        Some(MessageChannel::Push) => "''::text",
        None => "NULL::text",
    }
}

/// A moment as SQL.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    format!("'{}'::timestamptz", at.format("%Y-%m-%d %H:%M:%S%.6f+00"))
}

/// Decisions about the members within bounds who have no delivery yet.
pub(super) struct Receivers {
    pub sql: String,
    is_one: bool,
}

impl Receivers {
    pub fn new(plan: &Plan, terms: &Terms, bounds: Bounds, now: DateTime<Utc>) -> Self {
        let sql = format!(
            "SELECT decided.* FROM ({}) AS decided WHERE NOT EXISTS (
               SELECT FROM delivery WHERE delivery.campaign_id = {} AND delivery.member_id = decided.id{})",
            decisions(plan, terms, bounds, now),
            plan.id,
            bounds.on("delivery.member_id")
        );
        Self { sql, is_one: bounds.up_to - bounds.after == 1 }
    }

    /// All of them.
    pub fn load(&self, conn: &mut PgConnection) -> QueryResult<Given> {
        self.join_by_hash(conn, "off")?;
        let given = Given::load(conn, &self.sql)?;
        self.join_by_hash(conn, "on")?;
        Ok(given)
    }

    /// For a chunk: the planner, taking a table that is being filled for an empty one, must not loop over it.
    pub fn join_by_hash(&self, conn: &mut PgConnection, nested_loops: &str) -> QueryResult<()> {
        if !self.is_one {
            sql_query(format!("SET LOCAL enable_nestloop = {nested_loops}")).execute(conn)?;
        }
        Ok(())
    }
}

#[derive(QueryableByName)]
struct DecisionRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = BigInt)]
    through: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    next: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    recipient: Option<String>,
}

/// Decisions, and the codes that are theirs, in the same order.
#[derive(Default)]
pub(super) struct Given {
    pub members: Vec<i64>,
    pub codes: Vec<Option<String>>,
    pub reasons: Vec<Option<String>>,
    pub through: Vec<i64>,
    pub next: Vec<Option<DateTime<Utc>>>,
    pub recipients: Vec<Option<String>>,
}

/// As a source of rows: binds `$3` to `$8`.
pub(super) const GIVEN: &str = "SELECT * FROM unnest($3, $4, $5, $6, $7, $8)
  AS given (member_id, code, reason, through, next, recipient)";

impl Given {
    /// From a query of decisions.
    pub fn load(conn: &mut PgConnection, sql: &str) -> QueryResult<Self> {
        let rows: Vec<DecisionRow> =
            sql_query(format!("SELECT id, reason, through, next, recipient FROM ({sql}) AS decided")).load(conn)?;
        let mut given = Self { codes: vec![None; rows.len()], ..Self::default() };
        for row in rows {
            given.members.push(row.id);
            given.reasons.push(row.reason);
            given.through.push(row.through);
            given.next.push(row.next);
            given.recipients.push(row.recipient);
        }
        Ok(given)
    }

    /// Runs a statement on them that says how many rows it changed. `$1` is now, `$2` when it expires.
    pub fn run(
        &self,
        conn: &mut PgConnection,
        statement: &str,
        now: DateTime<Utc>,
        expires_at: Option<DateTime<Utc>>,
    ) -> QueryResult<i64> {
        if self.members.is_empty() {
            return Ok(0);
        }
        sql_query(statement)
            .bind::<Timestamptz, _>(now)
            .bind::<Nullable<Timestamptz>, _>(expires_at)
            .bind::<Array<BigInt>, _>(&self.members)
            .bind::<Array<Nullable<Text>>, _>(&self.codes)
            .bind::<Array<Nullable<Text>>, _>(&self.reasons)
            .bind::<Array<BigInt>, _>(&self.through)
            .bind::<Array<Nullable<Timestamptz>>, _>(&self.next)
            .bind::<Array<Nullable<Text>>, _>(&self.recipients)
            .execute(conn)
            .map(|rows| i64::try_from(rows).unwrap_or(i64::MAX))
    }
}
