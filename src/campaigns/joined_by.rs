//! The group that members join by a campaign's codes.

use diesel::prelude::*;

use crate::ids::{CampaignId, GroupId};
use crate::schema::member_group;

/// A group that joins by a campaign.
#[derive(Debug, Clone, Queryable)]
pub struct JoiningGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

impl JoiningGroup {
    /// Its page.
    pub fn path(&self) -> String {
        format!("/settings/user-groups/{}", self.id)
    }
}

/// At most one, as the schema has it.
pub fn groups(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<JoiningGroup>> {
    member_group::table
        .filter(member_group::campaign_id.eq(id.0))
        .select((member_group::id, member_group::name))
        .load(conn)
}

/// Their names.
pub fn names(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<String>> {
    Ok(groups(conn, id)?.into_iter().map(|group| group.name).collect())
}

/// Why *Allow in app validation* stays.
pub fn keep_in_app(names: &[String]) -> String {
    format!(
        "Members join “{}” by this campaign’s codes: keep this ticked, or give the group another campaign first",
        names.join("”, “")
    )
}
