//! What came of an agent's edit of a member's groups, by name: for the agent and for the audit log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Text, Timestamptz};

use crate::db::Kept;
use crate::ids::{GroupId, MemberId};
use crate::memberships::Revision;
use crate::web::Flash;

/// A revision with the names that belong to it.
#[derive(Debug)]
pub struct Outcome {
    /// The member's name.
    pub member: String,
    revision: Revision,
    opened: BTreeSet<GroupId>,
    closed: BTreeSet<GroupId>,
    groups: BTreeMap<GroupId, Named>,
}

#[derive(Debug)]
struct Named {
    name: String,
    over: bool,
}

impl Outcome {
    /// With the names of all groups that had to do with it.
    pub fn load(
        conn: &mut PgConnection,
        member: MemberId,
        revision: Revision,
        shown: &BTreeSet<GroupId>,
        ticked: &BTreeSet<GroupId>,
        now: DateTime<Utc>,
    ) -> QueryResult<Self> {
        let all: Vec<GroupId> = shown.union(ticked).chain(&revision.before).copied().collect();
        let query = sql::<(Text, BigInt, Text, Bool)>(
            "SELECT member.name, coalesce(member_group.id, 0), coalesce(member_group.name, ''), coalesce(stops_at <= ",
        )
        .bind::<Timestamptz, _>(now)
        .sql(", false) FROM member LEFT JOIN member_group ON member_group.id = ANY(")
        .bind::<Array<BigInt>, _>(all)
        .sql(") WHERE member.id = ")
        .bind::<BigInt, _>(member);
        let rows: Vec<(String, GroupId, String, bool)> = Kept(query).load(conn)?;
        let name = rows.first().map(|row| row.0.clone()).unwrap_or_default();
        let groups = rows.into_iter().map(|(_, id, name, over)| (id, Named { name, over })).collect();
        Ok(Self {
            member: name,
            revision,
            opened: ticked.difference(shown).copied().collect(),
            closed: shown.difference(ticked).copied().collect(),
            groups,
        })
    }

    /// Whether the form named groups that do not exist.
    pub fn names_unknown_groups(&self) -> bool {
        self.opened.iter().chain(&self.closed).any(|id| !self.groups.contains_key(id))
    }

    /// Whether anything was changed by it.
    pub fn changed(&self) -> bool {
        !self.revision.joined.is_empty() || !self.revision.left.is_empty()
    }

    /// The names of the groups before it.
    pub fn before(&self) -> Vec<&str> {
        self.names(self.revision.before.iter())
    }

    /// The names of the groups after it.
    pub fn after(&self) -> Vec<&str> {
        let mut after = self.revision.before.clone();
        after.extend(&self.revision.joined);
        after.retain(|id| !self.revision.left.contains(id));
        self.names(after.iter())
    }

    fn names<'a>(&self, ids: impl Iterator<Item = &'a GroupId>) -> Vec<&str> {
        let mut names: Vec<&str> = ids.filter_map(|id| self.groups.get(id)).map(|group| group.name.as_str()).collect();
        names.sort_by_key(|name| name.to_lowercase());
        names
    }

    fn is_over(&self, id: &GroupId) -> bool {
        self.groups.get(id).is_some_and(|group| group.over)
    }
}

/// What was done, and what someone else had done meanwhile.
pub fn tell(outcome: &Outcome) -> Flash {
    let Outcome { member, revision, opened, closed, .. } = outcome;
    let (joined, left) = (outcome.names(revision.joined.iter()), outcome.names(revision.left.iter()));
    let mut said = vec![match (joined.is_empty(), left.is_empty()) {
        (true, true) => "Nothing was changed.".to_owned(),
        (false, true) => format!("{member} was added to {}.", list(&joined)),
        (true, false) => format!("{member} was removed from {}.", list(&left)),
        (false, false) => format!("{member} was added to {} and removed from {}.", list(&joined), list(&left)),
    }];
    // groups that are over are not in the list: whoever is in one did not join it meanwhile
    let came = outcome.names(revision.joined_meanwhile.iter().filter(|id| !outcome.is_over(id)));
    if !came.is_empty() {
        said.push(format!("{member} joined {} meanwhile; that was left as it is.", list(&came)));
    }
    let went = outcome.names(revision.left_meanwhile.iter());
    if !went.is_empty() {
        said.push(format!("{member} left {} meanwhile; that was left as it is.", list(&went)));
    }
    let over = outcome.names(opened.iter().chain(closed).filter(|id| outcome.is_over(id)));
    if !over.is_empty() {
        said.push(format!("{} ended meanwhile; nothing was changed there.", list(&over)));
    }
    let as_asked = said.len() == 1;
    let text = said.join(" ");
    if as_asked { Flash::success(text) } else { Flash::warning(text) }
}

/// "Tea lovers, VIP and Regulars".
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
