//! What a group's page says of the group itself.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::group::member_count;
use super::statistics::{self, DayCount, SourceCount};
use super::uses::{self, Use};
use super::{GroupState, MemberGroup, Trouble};
use crate::ids::GroupId;
use crate::members;
use crate::settings::Organisation;
use crate::web::filters::grouped;
use crate::web::period::{is_first_moment, last_day_before};

/// The group, its figures and the campaigns that use it.
pub struct Facts {
    pub group: MemberGroup,
    pub trouble: Option<Trouble>,
    pub members: i64,
    all_members: i64,
    pub days: Vec<DayCount>,
    pub sources: Vec<SourceCount>,
    pub uses: Vec<Use>,
    pub now: DateTime<Utc>,
}

/// Of the group with this key, or not found.
pub fn load(conn: &mut PgConnection, id: GroupId, now: DateTime<Utc>, zone: Tz) -> QueryResult<Facts> {
    let group = MemberGroup::find(conn, id)?;
    Ok(Facts {
        trouble: Trouble::of(conn, &group, now, zone)?,
        members: member_count(conn, id)?,
        all_members: members::count::count(conn)?,
        days: statistics::per_day(conn, id, now, zone)?,
        sources: statistics::by_source(conn, id)?,
        uses: uses::of(conn, id)?,
        group,
        now,
    })
}

impl Facts {
    /// Upcoming, active or ended.
    pub fn state(&self) -> GroupState {
        self.group.state(self.now)
    }

    /// Whether members can still come and go.
    pub fn is_open(&self) -> bool {
        self.state() != GroupState::Ended
    }

    /// Its share of all members: "10.7 %".
    pub fn share(&self) -> String {
        if self.all_members == 0 {
            return "–".into();
        }
        let permille = (self.members * 1000 + self.all_members / 2) / self.all_members;
        match (self.members, permille) {
            (0, _) => "0 %".into(),
            (_, 0) => "under 0.1 %".into(),
            _ => format!("{}.{} %", permille / 10, permille % 10),
        }
    }

    /// The share of a way to join, for a bar of 100.
    pub fn percent(&self, count: &SourceCount) -> i64 {
        count.members * 100 / self.members.max(1)
    }

    /// Joined in the days shown.
    pub fn joined(&self) -> String {
        grouped(self.days.iter().map(|day| day.joined).sum())
    }

    /// Left in the days shown.
    pub fn left(&self) -> String {
        grouped(self.days.iter().map(|day| day.left).sum())
    }

    /// The start in words: a day, with the time where it is not the day's first moment.
    pub fn start(&self, organisation: &Organisation) -> String {
        let start = self.group.starts_at;
        if is_first_moment(start, organisation.zone) { organisation.day(start) } else { organisation.moment(start) }
    }

    /// The stop in words; none: open-ended.
    pub fn stop(&self, organisation: &Organisation) -> Option<String> {
        let stop = self.group.stops_at?;
        Some(if is_first_moment(stop, organisation.zone) {
            organisation.date(last_day_before(stop, organisation.zone))
        } else {
            organisation.moment(stop)
        })
    }
}
