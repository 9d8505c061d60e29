//! The list of groups: one query a page, whatever its number.

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::coverage_of::JoinCampaign;
use super::search::Searched;
use super::{GroupKind, GroupState, MemberGroup, Trouble};
use crate::db::Kept;
use crate::schema::{campaign, member_group};
use crate::settings::Organisation;
use crate::web::Keyset;
use crate::web::filters::grouped;
use crate::web::period::last_day_before;

/// Rows of a page.
pub const PAGE: usize = 50;

/// Which groups to list.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Part of the name, whatever the case or accents.
    pub name: Option<Searched>,
    /// Upcoming, active or ended.
    pub state: Option<GroupState>,
    /// Public, private or hidden.
    pub kind: Option<GroupKind>,
}

/// A line of the list, ready to be shown.
#[derive(Debug)]
pub struct Line {
    pub path: String,
    pub name: String,
    pub kind: GroupKind,
    pub state: GroupState,
    pub start: String,
    pub stop: String,
    pub members: String,
    pub order: String,
    /// What stops members from joining.
    pub trouble: Option<Trouble>,
}

type Found = (MemberGroup, Option<JoinCampaign>, i64);

impl Filters {
    /// How many there are.
    pub fn count(&self, conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<i64> {
        self.filtered(now).count().get_result(conn)
    }

    /// One more than a page of them, in the keyset's direction; keys are names.
    pub fn lines(
        &self,
        conn: &mut PgConnection,
        keyset: &Keyset,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> QueryResult<Vec<Line>> {
        let members = "coalesce((SELECT sum(change) FROM member_group_count WHERE group_id = member_group.id), 0)";
        let mut query = member_group::table
            .left_join(campaign::table.on(member_group::campaign_id.eq(campaign::id.nullable())))
            .filter(member_group::id.eq_any(self.filtered(now).select(member_group::id)))
            .select((
                MemberGroup::as_select(),
                Option::<JoinCampaign>::as_select(),
                sql::<BigInt>(&format!("{members}::bigint")),
            ))
            .limit(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
            .into_boxed();
        let (name, backwards) = ("lower(member_group.name)", keyset.is_backwards());
        if let Some(key) = keyset.key() {
            let side = if backwards { "<" } else { ">" };
            query = query.filter(sql::<Bool>(&format!("{name} {side} lower(")).bind::<Text, _>(key).sql(")"));
        }
        query = query.order(sql::<Text>(&if backwards { format!("{name} DESC") } else { name.to_owned() }));
        let found: Vec<Found> = Kept(query).load(conn)?;
        Ok(found.into_iter().map(|found| Line::of(found, organisation, now)).collect())
    }

    fn filtered(&self, now: DateTime<Utc>) -> member_group::BoxedQuery<'static, Pg> {
        let mut query = member_group::table.into_boxed();
        if let Some(name) = &self.name {
            let like = sql::<Bool>("fold(member_group.name) LIKE fold(").bind::<Text, _>(name.anywhere()).sql(")");
            query = query.filter(like);
        }
        query = match self.kind {
            None => query,
            Some(GroupKind::Public) => query.filter(member_group::join_type.eq("open")),
            Some(GroupKind::Private) => query.filter(member_group::join_type.eq("code")),
            Some(GroupKind::Hidden) => query.filter(member_group::join_type.is_null()),
        };
        let ended = member_group::stops_at.le(now);
        let goes_on = member_group::stops_at.is_null().or(member_group::stops_at.gt(now));
        match self.state {
            None => query,
            Some(GroupState::Ended) => query.filter(ended),
            Some(GroupState::Upcoming) => query.filter(goes_on.and(member_group::starts_at.gt(now))),
            Some(GroupState::Active) => query.filter(goes_on.and(member_group::starts_at.le(now))),
        }
    }
}

impl Line {
    fn of((group, campaign, members): Found, organisation: &Organisation, now: DateTime<Utc>) -> Self {
        let zone = organisation.zone;
        Self {
            path: group.path(),
            kind: group.kind(),
            state: group.state(now),
            start: organisation.day(group.starts_at),
            stop: group.stops_at.map(|stop| organisation.date(last_day_before(stop, zone))).unwrap_or_default(),
            members: grouped(members),
            order: if group.viewable { group.display_order.to_string() } else { String::new() },
            trouble: campaign.and_then(|campaign| Trouble::between(&group, &campaign, now, zone)),
            name: group.name,
        }
    }
}
