//! A valid group about to be stored, and how members will join it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::code_campaign::NewCodes;
use crate::ids::{CampaignId, GroupId};
use crate::schema::member_group;
use crate::web::{Period, SaveError};

/// Made only by `GroupForm::parse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewGroup {
    /// 1 to 80 characters.
    pub name: String,
    /// Up to 500 characters; not empty where the app shows it.
    pub description: String,
    /// From the start day's first moment to the stop day's last.
    pub period: Period,
    /// Who may join.
    pub joining: Joining,
}

/// How members join, with what belongs to that way only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joining {
    /// The app never shows it; staff add members.
    Hidden,
    /// By a switch.
    Open {
        /// Place in the app.
        order: i32,
    },
    /// By a code.
    ByCode {
        /// Place in the app.
        order: i32,
        /// Whose codes.
        by: JoinBy,
    },
}

/// The campaign whose codes let members join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinBy {
    /// One that exists.
    Campaign(CampaignId),
    /// One that is made with the group.
    NewCampaign(NewCodes),
}

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = member_group, treat_none_as_null = true)]
struct Columns<'a> {
    name: &'a str,
    description: &'a str,
    starts_at: DateTime<Utc>,
    stops_at: Option<DateTime<Utc>>,
    viewable: bool,
    join_type: Option<&'static str>,
    campaign_id: Option<CampaignId>,
    display_order: i32,
}

impl NewGroup {
    /// The existing campaign it joins by.
    pub fn campaign(&self) -> Option<CampaignId> {
        match &self.joining {
            Joining::ByCode { by: JoinBy::Campaign(id), .. } => Some(*id),
            _ => None,
        }
    }

    /// The codes of the campaign that is made with it.
    pub fn new_codes(&self) -> Option<&NewCodes> {
        match &self.joining {
            Joining::ByCode { by: JoinBy::NewCampaign(codes), .. } => Some(codes),
            _ => None,
        }
    }

    /// Stores it; `campaign` is the one it joins by, made by now.
    pub fn insert(
        &self,
        conn: &mut PgConnection,
        campaign: Option<CampaignId>,
        now: DateTime<Utc>,
    ) -> Result<GroupId, SaveError> {
        diesel::insert_into(member_group::table)
            .values((self.columns(campaign), member_group::created_at.eq(now)))
            .returning(member_group::id)
            .get_result(conn)
            .map_err(broken_rule)
    }

    /// Stores it in place of what was there.
    pub fn update(&self, conn: &mut PgConnection, id: GroupId, campaign: Option<CampaignId>) -> Result<(), SaveError> {
        let updated = diesel::update(member_group::table.find(id)).set(self.columns(campaign)).execute(conn);
        updated.map(|_| ()).map_err(broken_rule)
    }

    fn columns(&self, campaign: Option<CampaignId>) -> Columns<'_> {
        let (join_type, display_order) = match self.joining {
            Joining::Hidden => (None, 0),
            Joining::Open { order } => (Some("open"), order),
            Joining::ByCode { order, .. } => (Some("code"), order),
        };
        Columns {
            name: &self.name,
            description: &self.description,
            starts_at: self.period.starts_at,
            stops_at: self.period.ends_at,
            viewable: join_type.is_some(),
            join_type,
            campaign_id: campaign,
            display_order,
        }
    }
}

fn broken_rule(error: diesel::result::Error) -> SaveError {
    SaveError::from_constraint(
        error,
        &[
            ("member_group_name_key", "name", "Another group has this name. Enter a different one."),
            (
                "member_group_campaign_id_key",
                "campaign",
                "Another group joins by this campaign. Choose a different one.",
            ),
            (
                "member_group_campaign_in_app_fkey",
                "campaign",
                "This campaign does not allow in-app validation. Tick Allow in app validation in its step 2, or choose a different one.",
            ),
        ],
    )
}
