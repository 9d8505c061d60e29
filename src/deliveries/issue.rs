//! The audience of a campaign becomes deliveries: in chunks by the worker, and one by one as members join.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::plan::Plan;
use super::skip::Skip;
use super::terms::Terms;
use super::{chunk, given_back, messages, rows};
use crate::campaigns::audience_sql::Bounds;
use crate::ids::{CampaignId, GroupId, MemberId};
use crate::schema::{campaign, campaign_group};

/// What a delivery says that was withdrawn because the member left.
pub(super) const LEFT: &str = "left the group";

/// Taken shared by a transaction that adds a member, exclusively by the one that begins an issue, so that each new
/// member is either seen by the chunks or sees that the issue has begun.
pub(super) const NEW_MEMBERS_LOCK: &str = "hashtext('muster: new members against issues')";

/// In the joining transaction, after the membership is stored: live campaigns that include this group and
/// take members who join later are issued to the member, unless they are excluded by another group.
pub fn on_join(conn: &mut PgConnection, member: MemberId, groups: &[GroupId], now: DateTime<Utc>) -> QueryResult<()> {
    let plans = for_joiners(conn, groups, now)?;
    issue_each(conn, &plans, member, groups, now)
}

/// Campaigns for whoever joins these groups, and whether they stand still.
pub(super) fn for_joiners(
    conn: &mut PgConnection,
    groups: &[GroupId],
    now: DateTime<Utc>,
) -> QueryResult<Vec<(Plan, bool)>> {
    let including = campaign_group::table
        .filter(campaign_group::group_id.eq_any(groups).and(campaign_group::included))
        .select(campaign_group::campaign_id);
    campaign::table
        .filter(campaign::id.eq_any(including).and(campaign::everyone.eq(false)))
        .filter(campaign::issuing_since.is_not_null().and(campaign::also_later).and(campaign::cancelled_at.is_null()))
        .filter(campaign::channel.ne("code").and(campaign::ends_at.gt(now)))
        .order(campaign::id)
        .select((Plan::as_select(), campaign::paused_at.is_not_null().or(exists(chunk::held()))))
        .load(conn)
}

/// In the transaction that adds a member: live campaigns for everyone that take later members are issued to them.
pub fn on_new_member(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<()> {
    let plans = for_new_members(conn, now)?;
    issue_each(conn, &plans, member, &[], now)
}

/// Campaigns for whoever is new, and whether they stand still.
pub(super) fn for_new_members(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<(Plan, bool)>> {
    sql_query(format!("SELECT pg_advisory_xact_lock_shared({NEW_MEMBERS_LOCK})")).execute(conn)?;
    let including = campaign_group::table.filter(campaign_group::included).select(campaign_group::campaign_id);
    campaign::table
        .filter(campaign::everyone.eq(true).or(diesel::dsl::not(campaign::id.eq_any(including))))
        .filter(campaign::issuing_since.is_not_null().and(campaign::also_later).and(campaign::cancelled_at.is_null()))
        .filter(campaign::channel.ne("code").and(campaign::ends_at.gt(now)))
        .order(campaign::id)
        .select((Plan::as_select(), campaign::paused_at.is_not_null().or(exists(chunk::held()))))
        .load(conn)
}

fn issue_each(
    conn: &mut PgConnection,
    plans: &[(Plan, bool)],
    member: MemberId,
    groups: &[GroupId],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    for (plan, stands_still) in plans {
        if *stands_still {
            come_back_to(conn, plan.id, member)?;
            continue;
        }
        let terms = Terms::load(conn, plan, now)?;
        rows::issue(conn, plan, &terms, Bounds::one(member), now)?;
        given_back::give(conn, plan, &terms, member, now)?;
        came_through_too(conn, plan.id, member, terms.bits(groups))?;
    }
    Ok(())
}

/// Who has it already holds it through these groups as well.
fn came_through_too(conn: &mut PgConnection, id: CampaignId, member: MemberId, bits: i64) -> QueryResult<()> {
    if bits == 0 {
        return Ok(());
    }
    sql_query(
        "UPDATE delivery SET through = through | $3 WHERE member_id = $1 AND campaign_id = $2 AND through & $3 <> $3",
    )
    .bind::<BigInt, _>(member)
    .bind::<BigInt, _>(id)
    .bind::<BigInt, _>(bits)
    .execute(conn)
    .map(|_| ())
}

/// A paused or held campaign issues nothing; when it goes on, the worker goes over the members from this one on again.
pub(super) fn come_back_to(conn: &mut PgConnection, campaign: CampaignId, member: MemberId) -> QueryResult<()> {
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
    let left: Vec<LeftRow> = sql_query(format!(
        "UPDATE delivery SET withdrawn_at = $3, reason = '{LEFT}'
         WHERE member_id = $1 AND campaign_id = ANY($2) AND validated_at IS NULL AND withdrawn_at IS NULL
           AND expired_at IS NULL AND (skipped_at IS NULL OR reason = '{}')
           AND NOT EXISTS (
             SELECT FROM campaign_group AS through JOIN membership AS stay ON stay.group_id = through.group_id
             WHERE through.campaign_id = delivery.campaign_id AND through.included
               AND stay.member_id = $1 AND stay.left_at IS NULL)
         RETURNING campaign_id, queued_at IS NOT NULL AS queued",
        Skip::NoCode.key()
    ))
    .bind::<BigInt, _>(member)
    .bind::<Array<BigInt>, _>(&ids)
    .bind::<Timestamptz, _>(now)
    .load(conn)?;
    let queued: Vec<i64> = left.into_iter().filter(|row| row.queued).map(|row| row.campaign_id).collect();
    messages::withdraw(conn, member, &queued, now)
}

#[derive(QueryableByName)]
struct LeftRow {
    #[diesel(sql_type = BigInt)]
    campaign_id: i64,
    #[diesel(sql_type = Bool)]
    queued: bool,
}

/// After the receivers of a live campaign were widened: the worker goes over all members again, and issues to those
/// who have nothing yet.
pub fn again(conn: &mut PgConnection, campaign: CampaignId) -> QueryResult<()> {
    diesel::update(campaign::table.filter(campaign::id.eq(campaign).and(campaign::published_at.is_not_null())))
        .set((campaign::issued_up_to.eq(0), campaign::issued_at.eq(None::<DateTime<Utc>>)))
        .execute(conn)
        .map(|_| ())
}
