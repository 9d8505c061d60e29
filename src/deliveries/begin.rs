//! The beginning of an issue: on time and for the audience that was confirmed, or else held or dropped.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::issue::NEW_MEMBERS_LOCK;
use super::plan::Plan;
use crate::audit::{self, Actor, Change, Subject};
use crate::campaigns::sending::{self, HeldWhy, Limits, Sending};
use crate::campaigns::{Audience, Campaign, places};
use crate::ids::CampaignId;
use crate::schema::{campaign, campaign_sending};

/// Begins it, unless it is late or its audience is another than the one confirmed.
pub(super) fn begin(conn: &mut PgConnection, plan: &Plan, now: DateTime<Utc>) -> QueryResult<()> {
    let sending = known(conn, plan.id)?;
    if sending.released_at.is_none() {
        let limits = Limits::load(conn)?;
        if now > sending.due_at + limits.late_after && plan.if_late != "send" {
            return if plan.if_late == "drop" {
                drop(conn, plan.id, now)
            } else {
                hold(conn, plan.id, HeldWhy::Late, now)
            };
        }
        if let Some(confirmed) = sending.confirmed() {
            let receivers = Audience::of(conn, plan.id)?.reach(conn)?.receivers;
            if limits.is_changed(confirmed, receivers) {
                tracing::warn!(campaign = plan.id.0, confirmed, receivers, "campaign held: its audience has changed");
                return sending::hold(conn, plan.id, HeldWhy::Audience, receivers, now);
            }
        }
    }
    places::give(conn, plan.id)?;
    open(conn, plan.id, now)
}

/// Its row, made if nobody confirmed it.
fn known(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Sending> {
    if let Some(sending) = Sending::of(conn, id)? {
        return Ok(sending);
    }
    sql_query(
        "INSERT INTO campaign_sending (campaign_id, due_at)
         SELECT id, greatest(starts_at, published_at) FROM campaign WHERE id = $1",
    )
    .bind::<BigInt, _>(id)
    .execute(conn)?;
    Sending::of(conn, id)?.ok_or(diesel::result::Error::NotFound)
}

/// Stops a late campaign until someone answers.
pub(super) fn hold(conn: &mut PgConnection, id: CampaignId, why: HeldWhy, now: DateTime<Utc>) -> QueryResult<()> {
    let receivers = Audience::of(conn, id)?.reach(conn)?.receivers;
    tracing::warn!(campaign = id.0, why = why.key(), receivers, "campaign held");
    sending::hold(conn, id, why, receivers, now)
}

/// A late campaign that nobody wants late: what was not issued is not, what was not sent is not. One that has not
/// begun is cancelled.
pub(super) fn drop(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> QueryResult<()> {
    // held for whoever sends: nothing more goes out from here on
    let none = None::<DateTime<Utc>>;
    diesel::update(campaign_sending::table.find(id))
        .set((
            campaign_sending::dropped_at.eq(now),
            campaign_sending::held_at.eq(now),
            campaign_sending::held_why.eq(HeldWhy::Late.key()),
            campaign_sending::released_at.eq(none),
        ))
        .execute(conn)?;
    let found = Campaign::find(conn, id)?;
    let action = if found.issuing_since.is_none() {
        diesel::update(campaign::table.find(id)).set(campaign::cancelled_at.eq(now)).execute(conn)?;
        "campaign cancelled"
    } else {
        "campaign dropped"
    };
    tracing::warn!(campaign = id.0, "campaign dropped: it is late");
    let change = Change { action, before: None, after: Some(serde_json::json!({ "reason": HeldWhy::Late.key() })) };
    audit::append(conn, &Actor::program("worker"), now, &Subject::new("campaign", id, found.name()), &change)
}

/// From the commit on, joins issue by themselves. Joins under way hold their group's row: we wait for them here, and
/// the chunks will see their stays. New members the same, by an advisory lock.
fn open(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query("SET LOCAL lock_timeout = '5s'").execute(conn)?;
    sql_query(format!("SELECT pg_advisory_xact_lock({NEW_MEMBERS_LOCK})")).execute(conn)?;
    sql_query(
        "SELECT FROM member_group WHERE id IN (SELECT group_id FROM campaign_group WHERE campaign_id = $1 AND included)
         ORDER BY id FOR UPDATE",
    )
    .bind::<BigInt, _>(id)
    .execute(conn)?;
    diesel::update(campaign::table.find(id)).set(campaign::issuing_since.eq(now)).execute(conn).map(|_| ())
}
