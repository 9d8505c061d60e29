//! `group.coverage_gap`: whether members can join a group follows from the dates and marks of the group and of its campaign,
//! and from the time; so it is looked at every few seconds, and told when it is another than the last time.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};
use serde_json::{Value, json};

use super::Kind;
use crate::groups::MemberGroup;
use crate::groups::coverage::{Gap, Why, shortfalls};
use crate::groups::coverage_of::JoinCampaign;
use crate::ids::GroupId;
use crate::schema::{campaign, coverage_told, member_group, webhook_inbox};
use crate::web::Period;

#[derive(QueryableByName)]
struct YesRow {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Tells what has changed; how much.
pub(super) fn tell(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<usize> {
    let wanted = sql_query("SELECT webhook_wants($1) AS yes").bind::<Text, _>(Kind::CoverageGap.key());
    if !wanted.get_result::<YesRow>(conn)?.yes {
        return Ok(0);
    }
    conn.transaction(|conn| {
        // one looks at a time, whatever else workers do
        if !sql_query("SELECT pg_try_advisory_xact_lock(77238839) AS yes").get_result::<YesRow>(conn)?.yes {
            return Ok(0);
        }
        let mut told: HashMap<GroupId, Value> = coverage_told::table
            .select((coverage_told::group_id, coverage_told::gaps))
            .load(conn)?
            .into_iter()
            .collect();
        let mut changes = 0;
        for (group, campaign) in groups(conn, now)? {
            let gaps = gaps(&group, &campaign, now);
            let before = told.remove(&group.id).unwrap_or_else(|| json!([]));
            if gaps != before {
                put_down(conn, &group, Some(&campaign), &gaps, now)?;
                changes += 1;
            }
        }
        // groups that are over, or that are joined in another way now
        for (id, before) in told {
            if before != json!([])
                && let Some(group) =
                    member_group::table.find(id).select(MemberGroup::as_select()).first(conn).optional()?
            {
                put_down(conn, &group, None, &json!([]), now)?;
                changes += 1;
            }
        }
        Ok(changes)
    })
}

fn groups(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<(MemberGroup, JoinCampaign)>> {
    member_group::table
        .inner_join(campaign::table.on(member_group::campaign_id.eq(campaign::id.nullable())))
        .filter(member_group::stops_at.is_null().or(member_group::stops_at.gt(now)))
        .order(member_group::id)
        .select((MemberGroup::as_select(), JoinCampaign::as_select()))
        .load(conn)
}

/// Those that are not over, as they lie in the group's whole time: so that one that has begun is still the same.
fn gaps(group: &MemberGroup, campaign: &JoinCampaign, now: DateTime<Utc>) -> Value {
    let period = group.period();
    let near = campaign.gaps(&period, now);
    let frame = campaign.starts_at.map(|starts_at| Period { starts_at, ends_at: campaign.ends_at });
    let all = shortfalls(&period, frame.as_ref(), campaign.standing(), period.starts_at.min(now));
    let is_near =
        |gap: &&Gap| near.iter().any(|other| other.why == gap.why && other.period.ends_at == gap.period.ends_at);
    all.iter().filter(is_near).map(gap_json).collect()
}

fn gap_json(gap: &Gap) -> Value {
    let utc = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
    let why = match gap.why {
        Why::NotPublished => "campaign_not_published",
        Why::Paused => "campaign_paused",
        Why::Cancelled => "campaign_cancelled",
        Why::StartsAt(_) => "campaign_starts_later",
        Why::EndsAt(_) => "campaign_ends_earlier",
    };
    json!({ "from": utc(gap.period.starts_at), "until": gap.period.ends_at.map(utc), "why": why })
}

fn put_down(
    conn: &mut PgConnection,
    group: &MemberGroup,
    campaign: Option<&JoinCampaign>,
    gaps: &Value,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(coverage_told::table)
        .values((coverage_told::group_id.eq(group.id), coverage_told::gaps.eq(gaps)))
        .on_conflict(coverage_told::group_id)
        .do_update()
        .set(coverage_told::gaps.eq(gaps))
        .execute(conn)?;
    let told = json!({
        "group": { "id": group.id, "name": group.name },
        "campaign": campaign.map(|campaign| json!({ "id": campaign.id, "name": campaign.name })),
        "gaps": gaps,
    });
    diesel::insert_into(webhook_inbox::table)
        .values((
            webhook_inbox::kind.eq(Kind::CoverageGap.key()),
            webhook_inbox::at.eq(now),
            webhook_inbox::payload.eq(told),
        ))
        .execute(conn)
        .map(|_| ())
}
