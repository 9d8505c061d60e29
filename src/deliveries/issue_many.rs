//! What live campaigns have for many members at once who joined a group, or are new.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt};

use super::issue::{self, LEFT};
use super::plan::Plan;
use super::terms::Terms;
use super::{given_back, rows};
use crate::campaigns::audience_sql::Bounds;
use crate::ids::{CampaignId, GroupId, MemberId};
use crate::schema::{campaign, campaign_group, delivery};

/// Issues to these members, in the transaction in which they joined the group; `members` in the order of their keys.
pub fn on_join(conn: &mut PgConnection, members: &[MemberId], group: GroupId, now: DateTime<Utc>) -> QueryResult<()> {
    let plans = issue::for_joiners(conn, &[group], now)?;
    each(conn, &plans, members, &[group], now)
}

/// Issues to these members, in the transaction that adds them; `members` in the order of their keys.
pub fn on_new_members(conn: &mut PgConnection, members: &[MemberId], now: DateTime<Utc>) -> QueryResult<()> {
    if members.is_empty() {
        return Ok(());
    }
    let plans = issue::for_new_members(conn, now)?;
    each(conn, &plans, members, &[], now)
}

/// Whether leaving this group could take anything away.
pub fn is_included_somewhere(conn: &mut PgConnection, group: GroupId) -> QueryResult<bool> {
    let including = campaign::table
        .inner_join(campaign_group::table.on(campaign_group::campaign_id.eq(campaign::id)))
        .filter(campaign_group::group_id.eq(group).and(campaign_group::included))
        .filter(campaign::issuing_since.is_not_null().and(campaign::everyone.eq(false)));
    diesel::select(exists(including)).get_result(conn)
}

fn each(
    conn: &mut PgConnection,
    plans: &[(Plan, bool)],
    members: &[MemberId],
    groups: &[GroupId],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let (Some(first), Some(last)) = (members.first(), members.last()) else { return Ok(()) };
    for (plan, stands_still) in plans {
        if *stands_still {
            issue::come_back_to(conn, plan.id, *first)?;
            continue;
        }
        let terms = Terms::load(conn, plan, now)?;
        // receivers between them who have nothing yet are about to be issued anyway, by the worker
        let bounds = Bounds { after: first.0 - 1, up_to: last.0 };
        rows::issue(conn, plan, &terms, bounds, now)?;
        for member in came_back(conn, plan.id, members)? {
            given_back::give(conn, plan, &terms, member, now)?;
        }
        came_through_too(conn, plan.id, members, terms.bits(groups))?;
    }
    Ok(())
}

/// Those who had it withdrawn when they left.
fn came_back(conn: &mut PgConnection, id: CampaignId, members: &[MemberId]) -> QueryResult<Vec<MemberId>> {
    delivery::table
        .filter(delivery::campaign_id.eq(id).and(delivery::member_id.eq_any(members)))
        .filter(delivery::withdrawn_at.is_not_null().and(delivery::reason.eq(LEFT)))
        .select(delivery::member_id)
        .load(conn)
}

/// Who has it already holds it through these groups as well.
fn came_through_too(conn: &mut PgConnection, id: CampaignId, members: &[MemberId], bits: i64) -> QueryResult<()> {
    if bits == 0 {
        return Ok(());
    }
    sql_query(
        "UPDATE delivery SET through = through | $3
         WHERE member_id = ANY($1) AND campaign_id = $2 AND through & $3 <> $3",
    )
    .bind::<Array<BigInt>, _>(members)
    .bind::<BigInt, _>(id)
    .bind::<BigInt, _>(bits)
    .execute(conn)
    .map(|_| ())
}
