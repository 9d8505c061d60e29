//! The groups that a campaign includes and excludes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

use super::receivers_words;
use crate::groups::GroupState;
use crate::ids::{CampaignId, GroupId};
use crate::schema::{campaign_group, member_group};

/// A group of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct ChosenGroup {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Included, or excluded.
    pub included: bool,
    /// Its start.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it.
    pub stops_at: Option<DateTime<Utc>>,
}

impl ChosenGroup {
    /// Where the group stands.
    pub fn state(&self, now: DateTime<Utc>) -> GroupState {
        GroupState::at(now, self.starts_at, self.stops_at)
    }
}

/// The groups of a campaign, by name.
pub fn of(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<ChosenGroup>> {
    campaign_group::table
        .inner_join(member_group::table.on(member_group::id.eq(campaign_group::group_id)))
        .filter(campaign_group::campaign_id.eq(id))
        .order((member_group::name, member_group::id))
        .select((
            member_group::id,
            member_group::name,
            campaign_group::included,
            member_group::starts_at,
            member_group::stops_at,
        ))
        .load(conn)
}

/// Who gets a campaign, in words.
pub fn in_words(everyone: Option<bool>, groups: &[ChosenGroup]) -> String {
    let names = |included: bool| {
        groups.iter().filter(|group| group.included == included).map(|group| group.name.clone()).collect::<Vec<_>>()
    };
    receivers_words::of(everyone, &names(true), &names(false))
}

/// Who receives a campaign: what step 3 holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Receivers {
    /// All members, or by groups; none: not chosen yet.
    pub everyone: Option<bool>,
    /// Members of any of these; none: everyone but the excluded.
    pub included: Vec<GroupId>,
    /// But no member of these.
    pub excluded: Vec<GroupId>,
    /// Those who join later too.
    pub also_later: bool,
}

impl Receivers {
    /// What is stored. Keys are sorted, so that equal choices compare equal.
    pub fn of(everyone: Option<bool>, also_later: bool, groups: &[ChosenGroup]) -> Self {
        let keys = |included: bool| {
            let mut keys: Vec<_> = groups.iter().filter(|g| g.included == included).map(|g| g.id).collect();
            keys.sort_unstable();
            keys
        };
        Self { everyone, included: keys(true), excluded: keys(false), also_later }
    }

    /// Whether anyone can be among them.
    pub fn is_chosen(&self) -> bool {
        match self.everyone {
            None => false,
            Some(true) => true,
            Some(false) => !self.included.is_empty() || !self.excluded.is_empty(),
        }
    }

    fn starts_from_everyone(&self) -> bool {
        self.everyone == Some(true) || self.included.is_empty()
    }

    /// Whether everyone who is among `before` is certainly among these too, whoever is in which group.
    pub fn contain(&self, before: &Self) -> bool {
        let base = self.starts_from_everyone()
            || (!before.starts_from_everyone() && before.included.iter().all(|group| self.included.contains(group)));
        base && self.excluded.iter().all(|group| before.excluded.contains(group))
    }

    /// Stores them in place of what was stored.
    pub fn store(&self, conn: &mut PgConnection, id: CampaignId) -> QueryResult<()> {
        use crate::schema::campaign;
        diesel::update(campaign::table.find(id))
            .set((campaign::everyone.eq(self.everyone), campaign::also_later.eq(self.also_later)))
            .execute(conn)?;
        let gone = campaign_group::table
            .filter(campaign_group::campaign_id.eq(id))
            .filter(campaign_group::group_id.ne_all(self.included.iter().chain(&self.excluded)));
        diesel::delete(gone).execute(conn)?;
        let row = |group: &GroupId, included: bool| {
            (
                campaign_group::campaign_id.eq(id),
                campaign_group::group_id.eq(*group),
                campaign_group::included.eq(included),
            )
        };
        let rows: Vec<_> = self
            .included
            .iter()
            .map(|group| row(group, true))
            .chain(self.excluded.iter().map(|group| row(group, false)))
            .collect();
        // those that stay keep their place
        diesel::insert_into(campaign_group::table)
            .values(rows)
            .on_conflict((campaign_group::campaign_id, campaign_group::group_id))
            .do_update()
            .set(campaign_group::included.eq(diesel::upsert::excluded(campaign_group::included)))
            .execute(conn)
            .map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receivers(everyone: bool, included: &[i64], excluded: &[i64]) -> Receivers {
        let keys = |keys: &[i64]| keys.iter().copied().map(GroupId).collect();
        Receivers { everyone: Some(everyone), included: keys(included), excluded: keys(excluded), also_later: false }
    }

    #[test]
    fn receivers_are_widened_or_they_are_not() {
        let before = receivers(false, &[1, 2], &[3]);
        assert!(receivers(false, &[1, 2, 4], &[3]).contain(&before));
        assert!(receivers(false, &[1, 2], &[]).contain(&before));
        assert!(receivers(true, &[], &[]).contain(&before));
        assert!(receivers(false, &[], &[3]).contain(&before), "excludes alone mean everyone but them");
        assert!(!receivers(false, &[1], &[3]).contain(&before));
        assert!(!receivers(false, &[1, 2], &[3, 4]).contain(&before));
        assert!(!before.contain(&receivers(false, &[], &[3])), "one include would narrow everyone to a group");
        assert!(!before.contain(&receivers(true, &[], &[])));
    }
}
