//! Groups of all types and states; the first ones are the biggest.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::dice::{Dice, running_totals};
use super::group_names;
use super::plan::Plan;
use crate::groups::kind::GroupKind;
use crate::ids::{CampaignId, GroupId};
use crate::schema::member_group;
use crate::web::period::first_moment;

/// A group as it is made.
pub struct Group {
    /// Its key.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    about: &'static str,
    /// Public, private or hidden.
    pub kind: GroupKind,
    /// Its first moment.
    pub starts_at: DateTime<Utc>,
    /// The first moment after it; none: open-ended.
    pub stops_at: Option<DateTime<Utc>>,
    /// A private group's campaign.
    pub campaign_id: Option<CampaignId>,
    /// A private group's code.
    pub code: Option<String>,
    order: i32,
}

/// All groups, and how likely each is joined.
pub struct Groups {
    /// In order of size.
    pub all: Vec<Group>,
    /// For `Dice::weighted`; upcoming groups weigh nothing.
    pub totals: Vec<u64>,
}

/// Members began to join so many days before today.
pub const DAYS: u64 = 6 * 365;

impl Groups {
    /// All of a plan.
    pub fn of(plan: &Plan, zone: Tz) -> Self {
        let count = usize::try_from(plan.groups).unwrap_or(0);
        let all: Vec<Group> = (0..count).map(|place| Group::of(plan, zone, place)).collect();
        let until = first_moment(plan.until, zone);
        let totals = running_totals(
            all.iter().enumerate().map(
                |(place, group)| {
                    if group.starts_at < until { 10_000_000 / (place as u64 + 4) } else { 0 }
                },
            ),
        );
        Self { all, totals }
    }

    /// Stores them; their campaigns are there already.
    pub fn insert(&self, conn: &mut PgConnection) -> QueryResult<()> {
        for some in self.all.chunks(1000) {
            let rows: Vec<_> = some
                .iter()
                .map(|group| {
                    (
                        member_group::id.eq(group.id.0),
                        member_group::name.eq(&group.name),
                        member_group::description.eq(group.about),
                        member_group::starts_at.eq(group.starts_at),
                        member_group::stops_at.eq(group.stops_at),
                        member_group::viewable.eq(group.kind != GroupKind::Hidden),
                        member_group::join_type.eq(group.join_type()),
                        member_group::campaign_id.eq(group.campaign_id.map(|campaign| campaign.0)),
                        member_group::display_order.eq(group.order),
                        member_group::created_at.eq(group.starts_at - Days::new(7)),
                    )
                })
                .collect();
            diesel::insert_into(member_group::table).values(rows).execute(conn)?;
        }
        Ok(())
    }
}

impl Group {
    fn of(plan: &Plan, zone: Tz, place: usize) -> Self {
        let mut dice = Dice::of(plan.seed ^ 0x9_0095, place as u64);
        let day = |back: i64| before(plan.until, back);
        let long_ago = DAYS.cast_signed() + dice.between(1, 200);
        let later = dice.between(30, 1500);
        // of ten groups one is upcoming, one has ended, two began in between
        let (start, stop) = match place % 10 {
            8 => (day(-dice.between(3, 60)), dice.chance(500).then(|| day(-dice.between(90, 400)))),
            9 => (day(long_ago), Some(day(dice.between(2, 90)))),
            5 | 7 => (day(later), None),
            _ => (day(long_ago), None),
        };
        let kind = match place % 4 {
            2 => GroupKind::Private,
            3 => GroupKind::Hidden,
            _ => GroupKind::Public,
        };
        let (name, about) = group_names::of(place);
        // campaigns end, so a private group does too: else nobody could join in the end
        let stop = stop.or_else(|| (kind == GroupKind::Private).then(|| day(-dice.between(200, 900))));
        let key = place as i64 + 1;
        let private = kind == GroupKind::Private;
        Self {
            id: GroupId(key),
            campaign_id: private.then_some(CampaignId(key)),
            code: private.then(|| code(&name, key)),
            name,
            about,
            kind,
            starts_at: first_moment(start, zone),
            stops_at: stop.map(|stop| first_moment(stop, zone)),
            order: if kind == GroupKind::Hidden { 0 } else { i32::try_from(place / 5 * 10).unwrap_or(0).min(9999) },
        }
    }

    fn join_type(&self) -> Option<&'static str> {
        match self.kind {
            GroupKind::Public => Some("open"),
            GroupKind::Private => Some("code"),
            GroupKind::Hidden => None,
        }
    }
}

/// So many days before; a negative number is after.
pub fn before(day: NaiveDate, days: i64) -> NaiveDate {
    let far = Days::new(days.unsigned_abs());
    let moved = if days < 0 { day.checked_add_days(far) } else { day.checked_sub_days(far) };
    moved.unwrap_or(day)
}

/// "EARLYBIRDS23" for the group "Early Birds".
fn code(name: &str, key: i64) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphabetic).take(12).collect();
    format!("{}{key}", letters.to_uppercase())
}
