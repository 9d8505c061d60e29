//! More codes for a campaign whose codes had run out: those who got none are handed one.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::chunk::Failed;
use super::hand_out;
use super::plan::Plan;
use super::rows::NO_CODE_LEFT;
use crate::ids::CampaignId;
use crate::schema::{campaign, code, code_batch, delivery};

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
        let handed = hand_out::late(conn, &plan, now)?;
        tracing::info!(campaign = plan.id.0, members = handed, "late codes handed out");
        Ok((handed > 0).then_some(plan.id))
    })
    .map_err(|error| Failed { campaign: claimed, error })
}

fn claim(conn: &mut PgConnection, now: DateTime<Utc>, held_back: &[CampaignId]) -> QueryResult<Option<Plan>> {
    let being_made = code_batch::table
        .filter(code_batch::campaign_id.eq(campaign::id).and(code_batch::finished_at.is_null()))
        .select(code_batch::id);
    let free = code::table
        .filter(code::campaign_id.eq(campaign::id).and(code::member_id.is_null()).and(code::uses_taken.eq(0)))
        .select(code::text);
    let waiting = delivery::table
        .filter(delivery::campaign_id.eq(campaign::id).and(delivery::reason.eq(NO_CODE_LEFT)))
        .filter(delivery::code.is_null().and(delivery::withdrawn_at.is_null()))
        .select(delivery::member_id);
    campaign::table
        .filter(campaign::code_source.eq_any(["many", "imported"]).and(campaign::channel.ne("code")))
        .filter(campaign::issuing_since.is_not_null().and(campaign::cancelled_at.is_null()))
        .filter(campaign::paused_at.is_null().and(campaign::ends_at.gt(now)).and(campaign::id.ne_all(held_back)))
        .filter(not(exists(being_made)).and(exists(free)).and(exists(waiting)))
        .order(campaign::id)
        .select(Plan::as_select())
        .for_no_key_update()
        .skip_locked()
        .first(conn)
        .optional()
}
