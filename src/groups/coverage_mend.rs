//! What stops members from joining a group, with the way to mend it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::MemberGroup;
use super::code_campaign::ten_years_after;
use super::coverage::Why;
use super::coverage_of::JoinCampaign;
use crate::web::Flash;
use crate::web::period::{day_of, first_moment};

/// Nobody can join for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// One or more, without full stops: "Nobody can join from 3 March on: the campaign ends on 2 March".
    pub sentences: Vec<String>,
    /// Words of the link that mends it.
    pub mend: &'static str,
    /// Where it leads.
    pub mend_path: String,
}

impl Trouble {
    /// Of a stored group; none where nothing is amiss.
    pub fn of(conn: &mut PgConnection, group: &MemberGroup, now: DateTime<Utc>, zone: Tz) -> QueryResult<Option<Self>> {
        match group.campaign_id {
            None => Ok(None),
            Some(id) => Ok(Self::between(group, &JoinCampaign::find(conn, id)?, now, zone)),
        }
    }

    /// Between a group and its campaign, both at hand.
    pub fn between(group: &MemberGroup, campaign: &JoinCampaign, now: DateTime<Utc>, zone: Tz) -> Option<Self> {
        let gaps = campaign.gaps(&group.period(), now);
        let first = gaps.first()?;
        let named = |why: Why| gaps.iter().any(|gap| gap.why == why);
        let (mend, mend_path) = if named(Why::Cancelled) {
            ("Choose another campaign", format!("{}/edit", group.path()))
        } else if named(Why::NotPublished) {
            ("Finish and publish the campaign", format!("/campaigns/{}", campaign.id))
        } else if named(Why::Paused) {
            ("Resume the campaign", format!("/campaigns/{}", campaign.id))
        } else if longer_end(group, campaign, now, zone).is_some() && matches!(first.why, Why::EndsAt(_)) {
            ("Extend the campaign", format!("{}/coverage", group.path()))
        } else {
            ("Change the campaign’s time settings", format!("/campaigns/{}/time-settings", campaign.id))
        };
        let sentences = gaps.iter().map(|gap| gap.sentence(zone, now)).collect();
        Some(Self { sentences, mend, mend_path })
    }

    /// The sentences as one text, each with its full stop.
    pub fn text(&self) -> String {
        self.sentences.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>().join(" ")
    }

    /// The first sentence: for the sign in a list.
    pub fn sign(&self) -> &str {
        self.sentences.first().map_or("", String::as_str)
    }

    /// The message after saving: what was done, then what is amiss and the link that mends it.
    pub fn flash(&self, done: &str) -> Flash {
        Flash::warning(format!("{done} {}", self.text())).with_link(self.mend, self.mend_path.clone())
    }
}

/// The end that would cover the group, where a running campaign ends too early: the group's stop, or, where it has
/// none, ten years from today.
pub fn longer_end(group: &MemberGroup, campaign: &JoinCampaign, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    let end = campaign.running_until(now)?;
    let wanted = group.stops_at.unwrap_or_else(|| first_moment(ten_years_after(day_of(now, zone)), zone));
    (end < wanted).then_some(wanted)
}
