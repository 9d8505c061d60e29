//! A campaign's numbers by the groups that its receivers came through.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text};
use diesel::{QueryableByName, sql_query};

use super::tally::{Reached, Tally};
use crate::db::Kept;
use crate::ids::{CampaignId, GroupId};

/// An included group with its place in `delivery.through`.
#[derive(Debug, Clone, QueryableByName)]
pub struct PlacedGroup {
    /// Which.
    #[diesel(sql_type = BigInt)]
    pub id: GroupId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// None: the campaign is not published, or has more groups than can be told apart.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub place: Option<i16>,
}

/// A group's line. A member of two groups counts in both.
#[derive(Debug, Clone)]
pub struct GroupLine {
    /// Which.
    pub group: PlacedGroup,
    /// It was decided about.
    pub receivers: i64,
    /// Of those: issued, sent, seen, validated.
    pub steps: [i64; 4],
}

impl GroupLine {
    /// The group's page.
    pub fn path(&self) -> String {
        format!("/settings/user-groups/{}", self.group.id)
    }
}

/// The included groups, by name.
pub fn groups(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<PlacedGroup>> {
    let query = sql_query(
        "SELECT member_group.id, name, place FROM campaign_group JOIN member_group ON member_group.id = group_id
         WHERE campaign_group.campaign_id = $1 AND included ORDER BY lower(name), member_group.id",
    );
    Kept(query.bind::<BigInt, _>(id)).load(conn)
}

/// Their keys and places, for filters.
pub fn places(groups: &[PlacedGroup]) -> Vec<(GroupId, i16)> {
    groups.iter().filter_map(|group| Some((group.id, group.place?))).collect()
}

/// A line for each group that has a place.
pub fn lines(tally: &Tally, groups: &[PlacedGroup]) -> Vec<GroupLine> {
    let line = |group: &PlacedGroup| {
        let place = group.place?;
        let steps = Reached::ALL.map(|step| tally.of_group(place, Some(step)));
        Some(GroupLine { group: group.clone(), receivers: tally.of_group(place, None), steps })
    };
    groups.iter().filter_map(line).collect()
}
