//! Who joined which group, when, how, and who left again.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::accounts::Colleague;
use super::calendar::Calendar;
use super::groups::{BARISTAS, CLUB, EARLY, GROUPS, Group, OAT, PILOT, STAFF, TASTINGS, TERRACE};
use super::members::{Guest, MIA};
use crate::memberships::Source;
use crate::schema::membership;
use crate::seed::Dice;

/// A guest's stay in a group.
pub struct Stay {
    /// Place of the guest.
    pub guest: usize,
    /// Place of the group.
    pub group: usize,
    /// Joined.
    pub joined_at: DateTime<Utc>,
    /// Left.
    pub left: Option<(DateTime<Utc>, Way)>,
    /// How they joined.
    pub way: Way,
}

/// How a stay began or ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// As the running app has it.
    Known(Source),
    /// From a list of the time before Muster.
    Import(&'static str, i64),
}

impl Way {
    fn key(&self) -> &'static str {
        match self {
            Self::Known(source) => source.key(),
            Self::Import(..) => "import",
        }
    }

    fn detail(&self) -> Value {
        match self {
            Self::Known(source) => source.detail(),
            Self::Import(file, row) => json!({ "file": file, "row": row }),
        }
    }
}

const REASONS: [&str; 7] = [
    "Asked at the counter",
    "Has no smartphone",
    "Code on the card could not be read",
    "Wrote to us after a late order",
    "Won a place in the draw",
    "Is with us on Fridays",
    "",
];

/// Of a thousand guests, how many join; of a thousand who are in, how many leave again.
const SHARES: [(u64, u64); 8] = [(620, 70), (230, 90), (98, 40), (4, 0), (190, 80), (6, 0), (24, 90), (34, 60)];

/// Makes them, in the order in which they began.
pub fn of(guests: &[Guest], groups: &[Group], calendar: &Calendar, agent: &Colleague, code: &str) -> Vec<Stay> {
    let mut stays = Vec::new();
    for (group, (joins, leaves)) in SHARES.iter().enumerate() {
        for (place, guest) in guests.iter().enumerate() {
            let mut dice = Dice::of(0x57A7 + group as u64, place as u64);
            let joins = if place == MIA { u64::from(group == CLUB) * 1000 } else { *joins };
            if !dice.chance(joins) {
                continue;
            }
            let Some((from, to)) = window(guest, group, &groups[group], calendar) else { continue };
            let joined_at = calendar.between(from, to, &mut dice);
            let leaves = if place == MIA { 0 } else { *leaves };
            let after = joined_at + Duration::days(3);
            let until = groups[group].stops_at.unwrap_or(calendar.now).min(guest.active_until(calendar.now));
            let left = (dice.chance(leaves) && after < until).then(|| {
                let by_staff = GROUPS[group].join_type.is_none() || dice.chance(120);
                let way = if by_staff { by_support(agent, &mut dice) } else { Way::Known(Source::App) };
                (calendar.between(after, until, &mut dice), way)
            });
            let way = way_in(group, from, code, agent, &mut dice);
            stays.push(Stay { guest: place, group, joined_at, left, way });
        }
    }
    stays.sort_by_key(|stay| stay.joined_at);
    stays
}

/// When this guest may have joined this group.
fn window(guest: &Guest, group: usize, facts: &Group, calendar: &Calendar) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    // staff put guests into a group before it begins
    let begins = if [TASTINGS, OAT].contains(&group) { calendar.day(-4) } else { facts.starts_at };
    let from = begins.max(guest.since + Duration::minutes(4));
    let mut to = facts.stops_at.unwrap_or(calendar.now).min(guest.active_until(calendar.now));
    if group == CLUB {
        // most join it when they become members
        to = to.min(from + Duration::days(35));
    }
    (from < to && from < calendar.now).then_some((from, to))
}

fn way_in(group: usize, from: DateTime<Utc>, code: &str, agent: &Colleague, dice: &mut Dice) -> Way {
    let app = Way::Known(Source::App);
    match group {
        CLUB if from.timestamp() % 9 == 0 => Way::Import("kontor-club-2024.csv", dice.between(2, 900)),
        CLUB | EARLY | TERRACE if dice.chance(930) => app,
        BARISTAS if dice.chance(920) => Way::Known(Source::Code(code.to_owned())),
        STAFF if dice.chance(850) => Way::Import("staff.csv", dice.between(2, 60)),
        PILOT if dice.chance(800) => Way::Import("altona-till.csv", dice.between(2, 80)),
        _ => by_support(agent, dice),
    }
}

fn by_support(agent: &Colleague, dice: &mut Dice) -> Way {
    let reason = dice.pick(&REASONS);
    Way::Known(Source::Support {
        account_id: agent.id,
        account_name: agent.name.to_owned(),
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    })
}

/// Stores them.
pub fn insert(conn: &mut PgConnection, stays: &[Stay], guests: &[Guest], groups: &[Group]) -> QueryResult<()> {
    for some in stays.chunks(1_000) {
        let rows: Vec<_> = some
            .iter()
            .map(|stay| {
                (
                    membership::member_id.eq(guests[stay.guest].id.0),
                    membership::group_id.eq(groups[stay.group].id.0),
                    membership::joined_at.eq(stay.joined_at),
                    membership::left_at.eq(stay.left.as_ref().map(|(at, _)| *at)),
                    membership::source.eq(stay.way.key()),
                    membership::source_detail.eq(stay.way.detail()),
                    membership::left_source.eq(stay.left.as_ref().map(|(_, way)| way.key())),
                    membership::left_detail.eq(stay.left.as_ref().map(|(_, way)| way.detail())),
                )
            })
            .collect();
        diesel::insert_into(membership::table).values(rows).execute(conn)?;
    }
    Ok(())
}
