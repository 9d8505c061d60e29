//! What needs a look: campaigns that are held, channels that refuse, groups nobody can join, campaigns that end soon, codes
//! being made.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::channels::MessageChannel;
use crate::groups::coverage_of::JoinCampaign;
use crate::groups::{MemberGroup, Trouble};
use crate::ids::CampaignId;
use crate::schema::{campaign, campaign_sending, channel, member_group};
use crate::web::filters::grouped;

/// Lines of each kind that are shown; the lists have the rest.
const SHOWN: i64 = 5;

/// Everything that needs a look.
pub struct Attention {
    pub held: Vec<(CampaignId, String)>,
    pub refusing: Vec<(MessageChannel, DateTime<Utc>)>,
    pub groups: Vec<(MemberGroup, Trouble)>,
    pub ending: Vec<Ending>,
    pub batches: Vec<BatchRow>,
}

/// A live or paused campaign that ends within a week.
#[derive(Queryable)]
pub struct Ending {
    pub id: CampaignId,
    pub name: String,
    pub ends_at: Option<DateTime<Utc>>,
}

/// Codes being made.
#[derive(QueryableByName)]
pub struct BatchRow {
    #[diesel(sql_type = BigInt)]
    pub campaign: CampaignId,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Integer)]
    pub made: i32,
    #[diesel(sql_type = Integer)]
    pub requested: i32,
}

impl BatchRow {
    /// "10,000 of 50,000".
    pub fn progress(&self) -> String {
        format!("{} of {}", grouped(self.made.into()), grouped(self.requested.into()))
    }
}

impl Attention {
    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
            && self.refusing.is_empty()
            && self.groups.is_empty()
            && self.ending.is_empty()
            && self.batches.is_empty()
    }
}

/// As of this moment.
pub fn load(conn: &mut PgConnection, now: DateTime<Utc>, zone: Tz) -> QueryResult<Attention> {
    Ok(Attention {
        held: held(conn, now)?,
        refusing: refusing(conn)?,
        groups: groups(conn, now, zone)?,
        ending: ending(conn, now)?,
        batches: batches(conn)?,
    })
}

/// Campaigns that wait for an answer, the longest first.
fn held(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<(CampaignId, String)>> {
    campaign_sending::table
        .inner_join(campaign::table.on(campaign::id.eq(campaign_sending::campaign_id)))
        .filter(campaign_sending::held_at.is_not_null().and(campaign_sending::dropped_at.is_null()))
        .filter(campaign::cancelled_at.is_null().and(campaign::ends_at.is_null().or(campaign::ends_at.gt(now))))
        .order((campaign_sending::held_at, campaign::id))
        .limit(SHOWN)
        .select((campaign::id, campaign::name))
        .load(conn)
}

/// Channels that are on and take nothing.
fn refusing(conn: &mut PgConnection) -> QueryResult<Vec<(MessageChannel, DateTime<Utc>)>> {
    let found: Vec<(String, DateTime<Utc>)> = channel::table
        .filter(channel::is_on)
        .filter(channel::refused_since.is_not_null())
        .order(channel::key)
        .select((channel::key, channel::refused_since.assume_not_null()))
        .load(conn)?;
    Ok(found.into_iter().filter_map(|(key, since)| Some((MessageChannel::parse(&key)?, since))).collect())
}

/// Groups that have or will have a time in which nobody can join, the newest first.
fn groups(conn: &mut PgConnection, now: DateTime<Utc>, zone: Tz) -> QueryResult<Vec<(MemberGroup, Trouble)>> {
    let found: Vec<(MemberGroup, JoinCampaign)> = member_group::table
        .inner_join(campaign::table.on(member_group::campaign_id.eq(campaign::id.nullable())))
        .filter(member_group::stops_at.is_null().or(member_group::stops_at.gt(now)))
        .order(member_group::id.desc())
        .select((MemberGroup::as_select(), JoinCampaign::as_select()))
        .load(conn)?;
    let troubled = found.into_iter().filter_map(|(group, campaign)| {
        let trouble = Trouble::between(&group, &campaign, now, zone)?;
        Some((group, trouble))
    });
    Ok(troubled.take(usize::try_from(SHOWN).unwrap_or(5)).collect())
}

fn ending(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Vec<Ending>> {
    let week = now.checked_add_days(Days::new(7)).unwrap_or(now);
    campaign::table
        .filter(campaign::published_at.is_not_null().and(campaign::cancelled_at.is_null()))
        .filter(campaign::ends_at.gt(now).and(campaign::ends_at.le(week)))
        .order((campaign::ends_at, campaign::id))
        .limit(SHOWN)
        .select((campaign::id, campaign::name, campaign::ends_at))
        .load(conn)
}

fn batches(conn: &mut PgConnection) -> QueryResult<Vec<BatchRow>> {
    sql_query(
        "SELECT campaign.id AS campaign, campaign.name, made, requested FROM code_batch
         JOIN campaign ON campaign.id = campaign_id WHERE finished_at IS NULL ORDER BY code_batch.id LIMIT $1",
    )
    .bind::<BigInt, _>(SHOWN)
    .load(conn)
}
