//! The audience of a campaign becomes deliveries: in chunks by the worker, and one by one as members join.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Timestamptz};

use super::plan::Plan;
use super::rows;
use crate::campaigns::Audience;
use crate::campaigns::audience_sql::Bounds;
use crate::ids::{CampaignId, GroupId, MemberId};
use crate::schema::{campaign, campaign_group};

/// What a delivery says that was withdrawn because the member left.
const LEFT: &str = "left the group";

/// Taken shared by a transaction that adds a member, exclusively by the one that begins an issue, so that each new
/// member is either seen by the chunks or sees that the issue has begun.
pub(super) const NEW_MEMBERS_LOCK: &str = "hashtext('muster: new members against issues')";

/// In the joining transaction, after the membership is stored: live campaigns that include this group and
/// take members who join later are issued to the member, unless they are excluded by another group.
pub fn on_join(conn: &mut PgConnection, member: MemberId, groups: &[GroupId], now: DateTime<Utc>) -> QueryResult<()> {
    let including = campaign_group::table
        .filter(campaign_group::group_id.eq_any(groups).and(campaign_group::included))
        .select(campaign_group::campaign_id);
    let plans: Vec<Plan> = campaign::table
        .filter(campaign::id.eq_any(including).and(campaign::everyone.eq(false)))
        .filter(campaign::issuing_since.is_not_null().and(campaign::also_later).and(campaign::cancelled_at.is_null()))
        .filter(campaign::channel.ne("code").and(campaign::ends_at.gt(now)))
        .order(campaign::id)
        .select(Plan::as_select())
        .load(conn)?;
    issue_each(conn, &plans, member, now)
}

/// In the transaction that adds a member: live campaigns for everyone that take later members are issued to them.
pub fn on_new_member(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query(format!("SELECT pg_advisory_xact_lock_shared({NEW_MEMBERS_LOCK})")).execute(conn)?;
    let including = campaign_group::table.filter(campaign_group::included).select(campaign_group::campaign_id);
    let plans: Vec<Plan> = campaign::table
        .filter(campaign::everyone.eq(true).or(diesel::dsl::not(campaign::id.eq_any(including))))
        .filter(campaign::issuing_since.is_not_null().and(campaign::also_later).and(campaign::cancelled_at.is_null()))
        .filter(campaign::channel.ne("code").and(campaign::ends_at.gt(now)))
        .order(campaign::id)
        .select(Plan::as_select())
        .load(conn)?;
    issue_each(conn, &plans, member, now)
}

fn issue_each(conn: &mut PgConnection, plans: &[Plan], member: MemberId, now: DateTime<Utc>) -> QueryResult<()> {
    for plan in plans {
        if plan.paused_at.is_some() {
            come_back_to(conn, plan.id, member)?;
            continue;
        }
        let audience = Audience::of(conn, plan.id)?.still_running(conn, now)?;
        rows::issue(conn, plan, &audience, Bounds::one(member), now)?;
        give_back(conn, plan.id, &audience, member)?;
    }
    Ok(())
}

/// A paused campaign issues nothing; when it is resumed, the worker goes over the members from this one on again.
fn come_back_to(conn: &mut PgConnection, campaign: CampaignId, member: MemberId) -> QueryResult<()> {
    let passed = campaign::issued_at.is_not_null().or(campaign::issued_up_to.ge(member.0));
    diesel::update(campaign::table.filter(campaign::id.eq(campaign).and(passed)))
        .set((
            campaign::issued_up_to
                .eq(diesel::dsl::sql::<BigInt>("least(issued_up_to, ").bind::<BigInt, _>(member.0 - 1).sql(")")),
            campaign::issued_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(conn)
        .map(|_| ())
}

/// What was withdrawn when they left, and is unused, is theirs again.
fn give_back(conn: &mut PgConnection, campaign: CampaignId, audience: &Audience, member: MemberId) -> QueryResult<()> {
    sql_query(format!(
        "UPDATE delivery SET withdrawn_at = NULL, reason = NULL
         WHERE member_id = {member} AND campaign_id = {campaign} AND withdrawn_at IS NOT NULL AND validated_at IS NULL
           AND reason = '{LEFT}' AND EXISTS ({})",
        audience.receivers_sql(Bounds::one(member))
    ))
    .execute(conn)
    .map(|_| ())
}

/// In the leaving transaction, after the stay is closed: what is unused and came only through these groups
/// is withdrawn.
pub fn on_leave(conn: &mut PgConnection, member: MemberId, groups: &[GroupId], now: DateTime<Utc>) -> QueryResult<()> {
    let including: Vec<(CampaignId, bool)> = campaign::table
        .inner_join(campaign_group::table.on(campaign_group::campaign_id.eq(campaign::id)))
        .filter(campaign_group::group_id.eq_any(groups).and(campaign_group::included))
        .filter(campaign::issuing_since.is_not_null().and(campaign::everyone.eq(false)))
        .select((campaign::id, campaign::issued_at.is_null()))
        .load(conn)?;
    if including.is_empty() {
        return Ok(());
    }
    // a chunk that still saw the stay must be done before we look for what it issued
    let running: Vec<i64> = including.iter().filter(|(_, running)| *running).map(|(id, _)| id.0).collect();
    if !running.is_empty() {
        sql_query("SELECT FROM campaign WHERE id = ANY($1) ORDER BY id FOR SHARE")
            .bind::<Array<BigInt>, _>(&running)
            .execute(conn)?;
    }
    let ids: Vec<i64> = including.iter().map(|(id, _)| id.0).collect();
    sql_query(format!(
        "UPDATE delivery SET withdrawn_at = $3, reason = '{LEFT}'
         WHERE member_id = $1 AND campaign_id = ANY($2) AND validated_at IS NULL AND withdrawn_at IS NULL
           AND NOT EXISTS (
             SELECT FROM campaign_group AS through JOIN membership AS stay ON stay.group_id = through.group_id
             WHERE through.campaign_id = delivery.campaign_id AND through.included
               AND stay.member_id = $1 AND stay.left_at IS NULL)"
    ))
    .bind::<BigInt, _>(member)
    .bind::<Array<BigInt>, _>(&ids)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}

/// After the receivers of a live campaign were widened: the worker goes over all members again, and issues to those
/// who have nothing yet.
pub fn again(conn: &mut PgConnection, campaign: CampaignId) -> QueryResult<()> {
    diesel::update(campaign::table.filter(campaign::id.eq(campaign).and(campaign::issuing_since.is_not_null())))
        .set((campaign::issued_up_to.eq(0), campaign::issued_at.eq(None::<DateTime<Utc>>)))
        .execute(conn)
        .map(|_| ())
}
