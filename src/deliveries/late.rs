//! More codes for a campaign whose codes had run out: those who got none are handed one.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Timestamptz};

use super::chunk::{self, Failed};
use super::plan::Plan;
use super::receivers::{Given, decisions};
use super::skip::Skip;
use super::terms::Terms;
use super::{again, issue};
use crate::campaigns::audience_sql::Bounds;
use crate::ids::CampaignId;
use crate::schema::{campaign, code, delivery};

/// Members who are handed a late code in one transaction.
const LATE: i64 = 20_000;

/// Looks for one live campaign that has both codes and members without one. None: there is none.
pub fn hand_out_next(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    held_back: &[CampaignId],
) -> Result<Option<CampaignId>, Failed> {
    let mut claimed = None;
    conn.transaction(|conn| {
        let Some(plan) = claim(conn, now, held_back)? else { return Ok(None) };
        claimed = Some(plan.id);
        let handed = hand_out(conn, &plan, now)?;
        tracing::info!(campaign = plan.id.0, members = handed, "late codes handed out");
        Ok((handed > 0).then_some(plan.id))
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

fn claim(conn: &mut PgConnection, now: DateTime<Utc>, held_back: &[CampaignId]) -> QueryResult<Option<Plan>> {
    let free = code::table
        .filter(code::campaign_id.eq(campaign::id).and(code::member_id.is_null()).and(code::uses_taken.eq(0)))
        .select(code::text);
    let waiting = delivery::table
        .filter(delivery::campaign_id.eq(campaign::id).and(delivery::skipped_at.is_not_null()))
        .filter(delivery::reason.eq(Skip::NoCode.key()))
        .select(delivery::member_id);
    campaign::table
        .filter(campaign::code_source.eq_any(["many", "imported"]).and(campaign::channel.ne("code")))
        .filter(campaign::issuing_since.is_not_null().and(campaign::cancelled_at.is_null()))
        .filter(campaign::paused_at.is_null().and(campaign::ends_at.gt(now)).and(campaign::id.ne_all(held_back)))
        .filter(not(exists(chunk::codes_being_made())).and(not(exists(chunk::held()))))
        .filter(exists(free).and(exists(waiting)))
        .order(campaign::id)
        .select(Plan::as_select())
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .optional()
}

/// Decides again about those who were told that no code was left.
fn hand_out(conn: &mut PgConnection, plan: &Plan, now: DateTime<Utc>) -> QueryResult<i64> {
    let waiting: Vec<i64> = delivery::table
        .filter(delivery::campaign_id.eq(plan.id).and(delivery::skipped_at.is_not_null()))
        .filter(delivery::reason.eq(Skip::NoCode.key()))
        .order(delivery::member_id)
        .limit(LATE)
        .select(delivery::member_id)
        .load(conn)?;
    let terms = Terms::load(conn, plan, now)?;
    let bounds = match (waiting.first(), waiting.last()) {
        (Some(first), Some(last)) => Bounds { after: first - 1, up_to: *last },
        _ => return Ok(0),
    };
    let list = waiting.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let decided = decisions(plan, &terms, bounds, now);
    let given = Given::load(conn, &format!("SELECT * FROM ({decided}) AS decided WHERE id IN ({list})"))?;
    let gone: Vec<i64> = {
        let there: std::collections::HashSet<_> = given.members.iter().collect();
        waiting.iter().filter(|member| !there.contains(member)).copied().collect()
    };
    withdraw(conn, plan.id, &gone, now)?;
    again::give(conn, plan, &terms, given, now)
}

/// Who is not among the audience any more waits for no code.
fn withdraw(conn: &mut PgConnection, id: CampaignId, members: &[i64], now: DateTime<Utc>) -> QueryResult<()> {
    if members.is_empty() {
        return Ok(());
    }
    sql_query(format!(
        "UPDATE delivery SET withdrawn_at = $3, reason = '{}'
         WHERE campaign_id = $1 AND member_id = ANY($2) AND state = 'skipped'",
        issue::LEFT
    ))
    .bind::<BigInt, _>(id)
    .bind::<Array<BigInt>, _>(members)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}
