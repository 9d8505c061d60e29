//! The groups that step 3 offers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::receivers_form::ReceiversForm;
use crate::groups::{GroupKind, GroupState};
use crate::ids::{CampaignId, GroupId};

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = BigInt)]
    id: GroupId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    join_type: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    starts_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    stops_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = BigInt)]
    members: i64,
}

/// A group that can be included or excluded.
pub struct GroupChoice {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Public, private, hidden.
    pub kind: GroupKind,
    /// Upcoming, active, ended.
    pub state: GroupState,
    /// How many are in it now.
    pub members: i64,
    /// include, exclude or nothing.
    pub choice: String,
}

/// Upcoming and active groups, and ended ones that the campaign has chosen already; the chosen first.
pub fn load(
    conn: &mut PgConnection,
    id: CampaignId,
    form: &ReceiversForm,
    now: DateTime<Utc>,
) -> QueryResult<Vec<GroupChoice>> {
    let rows: Vec<GroupRow> = sql_query(
        "SELECT id, name, join_type, starts_at, stops_at,
                coalesce((SELECT sum(change) FROM member_group_count WHERE group_id = member_group.id), 0)::bigint AS members
         FROM member_group
         WHERE stops_at IS NULL OR stops_at > $1
            OR EXISTS (SELECT FROM campaign_group WHERE group_id = member_group.id AND campaign_id = $2)
         ORDER BY lower(name), id",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<BigInt, _>(id)
    .load(conn)?;
    let mut choices: Vec<_> = rows.into_iter().map(|row| row.choice(form, now)).collect();
    choices.sort_by_key(|choice| choice.choice.is_empty());
    Ok(choices)
}

impl GroupRow {
    fn choice(self, form: &ReceiversForm, now: DateTime<Utc>) -> GroupChoice {
        GroupChoice {
            id: self.id,
            kind: GroupKind::of(self.join_type.as_deref()),
            state: GroupState::at(now, self.starts_at, self.stops_at),
            members: self.members,
            choice: form.choices.get(&self.id).cloned().unwrap_or_default(),
            name: self.name,
        }
    }
}
