//! A member's stays in the groups of a campaign.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};
use serde_json::Value;

use crate::ids::{CampaignId, GroupId, MemberId};
use crate::memberships::Source;

/// A stay, from joining to leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayPast {
    /// From.
    pub joined_at: DateTime<Utc>,
    /// Until; none: still in.
    pub left_at: Option<DateTime<Utc>>,
    /// "by Tom: asked at the till"
    pub how: String,
    /// How it ended.
    pub how_left: String,
}

/// A group of the campaign, and when the member was in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupPast {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Included, or excluded.
    pub included: bool,
    /// From then on it is over.
    pub stops_at: Option<DateTime<Utc>>,
    /// Oldest first.
    pub stays: Vec<StayPast>,
}

impl GroupPast {
    /// The stay that held at this moment.
    pub fn stay_at(&self, moment: DateTime<Utc>) -> Option<&StayPast> {
        self.stays.iter().find(|stay| stay.joined_at <= moment && stay.left_at.is_none_or(|left| left > moment))
    }

    /// Whether the group was over by then: it includes nobody any more.
    pub fn was_over(&self, moment: DateTime<Utc>) -> bool {
        self.stops_at.is_some_and(|stop| stop <= moment)
    }
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: GroupId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Bool)]
    included: bool,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    stops_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    joined_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    left_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    source: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    source_detail: Option<Value>,
    #[diesel(sql_type = Nullable<Text>)]
    left_source: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    left_detail: Option<Value>,
}

/// The campaign's groups by name, each with the member's stays.
pub fn load(conn: &mut PgConnection, campaign: CampaignId, member: MemberId) -> QueryResult<Vec<GroupPast>> {
    let rows: Vec<Row> = sql_query(
        "SELECT g.id, g.name, c.included, g.stops_at, m.joined_at, m.left_at, m.source, m.source_detail, m.left_source, m.left_detail
         FROM campaign_group AS c JOIN member_group AS g ON g.id = c.group_id
         LEFT JOIN membership AS m ON m.member_id = $2 AND m.group_id = g.id
         WHERE c.campaign_id = $1 ORDER BY lower(g.name), g.id, m.joined_at",
    )
    .bind::<BigInt, _>(campaign)
    .bind::<BigInt, _>(member)
    .load(conn)?;
    let mut groups: Vec<GroupPast> = Vec::new();
    for row in rows {
        let stay = row.joined_at.map(|joined_at| StayPast {
            joined_at,
            left_at: row.left_at,
            how: words(row.source.as_deref(), row.source_detail.as_ref()),
            how_left: words(row.left_source.as_deref(), row.left_detail.as_ref()),
        });
        match groups.last_mut().filter(|group| group.id == row.id) {
            Some(group) => group.stays.extend(stay),
            None => groups.push(GroupPast {
                id: row.id,
                name: row.name,
                included: row.included,
                stops_at: row.stops_at,
                stays: stay.into_iter().collect(),
            }),
        }
    }
    Ok(groups)
}

fn words(source: Option<&str>, detail: Option<&Value>) -> String {
    source.map(|source| Source::words(source, detail.unwrap_or(&Value::Null))).unwrap_or_default()
}
