//! A campaign on its way to being published: what is missing, and which step comes next. The row is the only state.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, select};
use diesel::prelude::*;

use super::chosen::{self, ChosenGroup, Receivers};
use super::missing;
use super::steps::Step;
use super::{Campaign, CodeSource};
use crate::codes::counts::CodeCounts;
use crate::ids::CampaignId;
use crate::schema::{campaign, code, code_batch};

/// A campaign with what its completeness depends on.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The row.
    pub campaign: Campaign,
    /// Groups it includes and excludes.
    pub groups: Vec<ChosenGroup>,
    /// Another campaign has the code that this one is to have.
    pub code_taken: bool,
    /// Codes that were imported for it.
    pub codes: Imported,
}

/// Codes that are there before a campaign is published: others made them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many.
    pub there: i64,
    /// Whether a batch is on its way out again.
    pub being_removed: bool,
}

impl Imported {
    fn of(conn: &mut PgConnection, campaign: CampaignId) -> QueryResult<Self> {
        let removed =
            code_batch::table.filter(code_batch::campaign_id.eq(campaign).and(code_batch::removing_at.is_not_null()));
        let being_removed = select(exists(removed)).get_result(conn)?;
        Ok(Self { there: CodeCounts::kept(conn, campaign, None)?.all, being_removed })
    }
}

/// Something without which a campaign cannot be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Where it is given.
    pub step: Step,
    /// The control there.
    pub field: &'static str,
    /// What to do: "Enter a title".
    pub message: String,
}

impl Missing {
    /// The address of the control.
    pub fn link(&self, id: CampaignId) -> String {
        format!("{}#field-{}", self.step.path(id), self.field)
    }
}

/// A draft of which nothing is missing: only this can be published.
#[derive(Debug)]
pub struct Ready(CampaignId);

impl Draft {
    /// As stored.
    pub fn load(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        let campaign = Campaign::find(conn, id)?;
        Self::of(conn, campaign)
    }

    /// The same, and nobody else changes it until the transaction ends.
    pub fn lock(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Self> {
        let campaign = Campaign::lock(conn, id)?;
        Self::of(conn, campaign)
    }

    fn of(conn: &mut PgConnection, campaign: Campaign) -> QueryResult<Self> {
        let groups = chosen::of(conn, campaign.id)?;
        let wanted = campaign
            .pos
            .shared_code
            .as_deref()
            .filter(|_| campaign.published_at.is_none() && campaign.pos.code_source() == Some(CodeSource::One));
        let code_taken = match wanted {
            Some(text) => is_taken(conn, text, campaign.id)?,
            None => false,
        };
        let codes = match campaign.published_at {
            None => Imported::of(conn, campaign.id)?,
            Some(_) => Imported::default(),
        };
        Ok(Self { campaign, groups, code_taken, codes })
    }

    /// What step 3 holds.
    pub fn receivers(&self) -> Receivers {
        Receivers::of(self.campaign.everyone, self.campaign.also_later, &self.groups)
    }

    /// All that is missing, in the order of the steps.
    pub fn missing(&self, now: DateTime<Utc>) -> Vec<Missing> {
        missing::of(self, now)
    }

    /// Proof that it can be published, or what is missing.
    pub fn ready(&self, now: DateTime<Utc>) -> Result<Ready, Vec<Missing>> {
        let missing = self.missing(now);
        if missing.is_empty() { Ok(Ready(self.campaign.id)) } else { Err(missing) }
    }

    /// Where to go on after a step was saved: the next one that lacks something; all later ones done: the review.
    pub fn next_step(&self, after: Step, now: DateTime<Utc>) -> Step {
        let missing = self.missing(now);
        let lacks = |step: Step| missing.iter().any(|missing| missing.step == step);
        Step::ALL.into_iter().find(|step| *step > after && lacks(*step)).unwrap_or(Step::Review)
    }

    /// Where to take it up again: the first step that lacks something.
    pub fn current_step(&self, now: DateTime<Utc>) -> Step {
        self.missing(now).first().map_or(Step::Review, |missing| missing.step)
    }

    /// Whether anything was entered in a step.
    pub fn is_begun(&self, step: Step) -> bool {
        match step {
            Step::Content => !self.campaign.content.is_untouched(),
            Step::PosInput => self.campaign.pos.offer.is_some() || self.campaign.pos.code_source.is_some(),
            Step::Receivers => self.campaign.everyone.is_some(),
            Step::TimeSettings => self.campaign.times.starts_at.is_some() || self.campaign.times.ends_at.is_some(),
            Step::Review => false,
        }
    }
}

impl Ready {
    /// Marks it published; false when someone else has done so meanwhile.
    pub fn publish(self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<bool> {
        let draft = campaign::table.find(self.0).filter(campaign::published_at.is_null());
        diesel::update(draft).set(campaign::published_at.eq(now)).execute(conn).map(|count| count == 1)
    }
}

/// Whether another campaign has this code. A help while editing; what decides is the key of `code`.
pub fn is_taken(conn: &mut PgConnection, text: &str, id: CampaignId) -> QueryResult<bool> {
    select(exists(code::table.find(text).filter(code::campaign_id.ne(id)))).get_result(conn)
}
