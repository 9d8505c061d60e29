//! The campaigns that use a group: joined by, included, excluded.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use crate::campaigns::status::{Marks, Status};
use crate::ids::{CampaignId, GroupId};

/// A campaign and what the group is to it.
#[derive(Debug, QueryableByName)]
pub struct Use {
    #[diesel(sql_type = BigInt)]
    pub campaign: CampaignId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    how: String,
    #[diesel(embed)]
    marks: Marks,
}

/// All campaigns that use the group, the newest first; the one it joins by on top.
pub fn of(conn: &mut PgConnection, group: GroupId) -> QueryResult<Vec<Use>> {
    sql_query(
        "SELECT campaign.id AS campaign, name, how, starts_at, ends_at, published_at, paused_at, cancelled_at
         FROM (SELECT campaign_id, 'join' AS how FROM member_group WHERE id = $1 AND campaign_id IS NOT NULL
               UNION ALL
               SELECT campaign_id, CASE WHEN included THEN 'include' ELSE 'exclude' END
               FROM campaign_group WHERE group_id = $1) AS used
         JOIN campaign ON campaign.id = campaign_id
         ORDER BY how = 'join' DESC, campaign.id DESC",
    )
    .bind::<BigInt, _>(group)
    .load(conn)
}

impl Use {
    /// Its name, or its number while it has none.
    pub fn name(&self) -> String {
        if self.name.is_empty() { format!("Campaign {}, no name yet", self.campaign) } else { self.name.clone() }
    }

    /// What the group is to it.
    pub fn how(&self) -> &'static str {
        match self.how.as_str() {
            "join" => "Members join with its codes",
            "include" => "Includes this group",
            _ => "Excludes this group",
        }
    }

    /// The address of its page.
    pub fn path(&self) -> String {
        format!("/campaigns/{}", self.campaign)
    }

    /// Whether it has been published, whatever became of it since: then the group is not deleted.
    pub fn is_published(&self) -> bool {
        self.marks.published_at.is_some()
    }

    /// Its status.
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        self.marks.status(now)
    }
}

/// The tone of a status' badge.
pub fn tone(status: Status) -> &'static str {
    match status {
        Status::Live => "good",
        Status::Scheduled => "info",
        Status::Paused => "warn",
        Status::Cancelled => "stop",
        Status::Draft | Status::Ended => "quiet",
    }
}
