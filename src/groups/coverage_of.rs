//! The gaps between groups and the campaigns they join by, as stored.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::MemberGroup;
use super::coverage::{Gap, Standing, shortfalls};
use crate::ids::CampaignId;
use crate::schema::{campaign, member_group};
use crate::web::Period;

/// Five years.
const FAR_AHEAD: TimeDelta = TimeDelta::days(5 * 365);

/// What a group needs to know of the campaign it joins by.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = campaign)]
pub struct JoinCampaign {
    /// Key.
    pub id: CampaignId,
    /// Internal name; a draft may have none yet.
    pub name: String,
    /// Start.
    pub starts_at: Option<DateTime<Utc>>,
    /// End.
    pub ends_at: Option<DateTime<Utc>>,
    /// Published.
    pub published_at: Option<DateTime<Utc>>,
    /// Paused, and not resumed.
    pub paused_at: Option<DateTime<Utc>>,
    /// Cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
}

impl JoinCampaign {
    /// The campaign with this key, or not found.
    pub fn find(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        campaign::table.find(id).select(Self::as_select()).first(conn)
    }

    /// Whether staff let it run.
    pub fn standing(&self) -> Standing {
        if self.cancelled_at.is_some() {
            Standing::Cancelled
        } else if self.published_at.is_none() {
            Standing::NotPublished
        } else if self.paused_at.is_some() {
            Standing::Paused
        } else {
            Standing::Running
        }
    }

    /// When nobody can join the group in its future, and why. A campaign must end, a group need not: what lies
    /// far ahead of an open-ended group is told when it comes nearer.
    pub fn gaps(&self, group: &Period, now: DateTime<Utc>) -> Vec<Gap> {
        let frame = self.starts_at.map(|starts_at| Period { starts_at, ends_at: self.ends_at });
        let mut gaps = shortfalls(group, frame.as_ref(), self.standing(), now);
        gaps.retain(|gap| group.ends_at.is_some() || gap.period.starts_at < now + FAR_AHEAD);
        gaps
    }

    /// The end of a campaign that runs now or will.
    pub fn running_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.ends_at.filter(|end| self.standing() == Standing::Running && now < *end)
    }
}

/// The gaps of a group, one sentence each; none where members do not join by code.
pub fn for_group(
    conn: &mut PgConnection,
    group: &MemberGroup,
    now: DateTime<Utc>,
    zone: Tz,
) -> QueryResult<Vec<String>> {
    let Some(id) = group.campaign_id else {
        return Ok(Vec::new());
    };
    Ok(sentences(&JoinCampaign::find(conn, id)?, &group.period(), now, zone))
}

/// The gaps that a campaign leaves in the group that joins by it, one sentence each, the group's name in it.
pub fn for_campaign(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>, zone: Tz) -> QueryResult<Vec<String>> {
    let found = member_group::table
        .inner_join(campaign::table.on(member_group::campaign_id.eq(campaign::id.nullable())))
        .filter(campaign::id.eq(id))
        .select((MemberGroup::as_select(), JoinCampaign::as_select()))
        .first::<(MemberGroup, JoinCampaign)>(conn)
        .optional()?;
    Ok(found.map_or_else(Vec::new, |(group, campaign)| {
        let named = |sentence: String| format!("{}: {}{}", group.name, sentence[..1].to_lowercase(), &sentence[1..]);
        sentences(&campaign, &group.period(), now, zone).into_iter().map(named).collect()
    }))
}

/// The gaps in words.
pub fn sentences(campaign: &JoinCampaign, group: &Period, now: DateTime<Utc>, zone: Tz) -> Vec<String> {
    campaign.gaps(group, now).iter().map(|gap| gap.sentence(zone, now)).collect()
}
