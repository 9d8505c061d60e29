//! Which groups a member joined, when, and how: the same for the same seed, so that rows that tell of the same stay
//! from two tables can each be written as they come.

use chrono::{DateTime, Duration, Utc};

use super::dice::{Dice, running_totals};
use super::group::{Group, Groups};
use super::members::Timeline;
use super::plan::Plan;
use super::rhythm;
use crate::groups::kind::GroupKind;

/// A stay of a member.
pub struct Stay {
    /// Place in `Groups::all`.
    pub group: usize,
    /// Joined.
    pub joined_at: DateTime<Utc>,
    /// Left, if they did: when, how, and what is known of it, as JSON.
    pub left: Option<(DateTime<Utc>, &'static str, String)>,
    /// How they joined.
    pub source: &'static str,
    /// What is known of it, as JSON.
    pub detail: String,
}

/// Makes stays.
pub struct Stays<'a> {
    plan: &'a Plan,
    groups: &'a Groups,
    timeline: Timeline,
}

const PUBLIC: ([&str; 4], [u64; 4]) = (["app", "import", "api", "support"], [800, 100, 60, 40]);
const PRIVATE: ([&str; 4], [u64; 4]) = (["code", "support", "import", "api"], [850, 90, 50, 10]);
const HIDDEN: ([&str; 4], [u64; 4]) = (["import", "support", "survey", "game"], [500, 380, 70, 50]);

const AGENTS: [&str; 6] = ["Jana Kern", "Murat Aydın", "Lea Sommer", "Tomasz Zając", "Nina Haas", "Olu Adeyemi"];
const REASONS: [&str; 6] = [
    "Asked for it on the phone",
    "Code did not work at the counter",
    "Complaint about a late order",
    "Winner of the autumn draw",
    "Moved here from another card",
    "Asked in the shop",
];

impl<'a> Stays<'a> {
    /// For all members of a plan.
    pub fn of(plan: &'a Plan, groups: &'a Groups, timeline: Timeline) -> Self {
        Self { plan, groups, timeline }
    }

    /// The stays of one member, by their number from 1.
    pub fn member(&self, number: u64, stays: &mut Vec<Stay>) {
        stays.clear();
        let mut dice = Dice::of(self.plan.seed ^ 0x57A1_5000, number);
        let created = self.timeline.created(number);
        for _ in 0..self.count(number) {
            if let Some(stay) = self.pick(stays, created, &mut dice).map(|place| self.stay(place, created, &mut dice)) {
                stays.push(stay);
            }
        }
    }

    /// Few to many, in pairs that make the average exact.
    fn count(&self, number: u64) -> u64 {
        let average = self.plan.memberships_per_member;
        if number == self.plan.members && number % 2 == 1 {
            return average;
        }
        let more = Dice::of(self.plan.seed ^ 0xC0_0417, (number - 1) / 2).below(average + 1);
        if number % 2 == 1 { average + more } else { average - more }
    }

    /// A group that was there in the member's time, and is not theirs yet.
    fn pick(&self, stays: &[Stay], created: DateTime<Utc>, dice: &mut Dice) -> Option<usize> {
        let free = |place: usize| {
            self.groups.all[place].stops_at.is_none_or(|stop| created < stop)
                && stays.iter().all(|stay| stay.group != place)
        };
        let drawn = (0..24).map(|_| dice.weighted(&self.groups.totals)).find(|place| free(*place));
        drawn.or_else(|| {
            (0..self.groups.all.len())
                .find(|place| self.groups.all[*place].starts_at < self.timeline.until && free(*place))
        })
    }

    fn stay(&self, place: usize, created: DateTime<Utc>, dice: &mut Dice) -> Stay {
        let group = &self.groups.all[place];
        let from = created.max(group.starts_at);
        let to = group.stops_at.map_or(self.timeline.until, |stop| stop.min(self.timeline.until));
        // half of them soon after they could
        let soon = if dice.chance(500) { to.min(from + Duration::days(60)) } else { to };
        let joined_at = moment_between(from, soon, dice);
        let source = source(group, dice);
        let left = (dice.chance(130) && joined_at + Duration::days(2) < to).then(|| {
            let by = if group.kind != GroupKind::Hidden && dice.chance(850) { "app" } else { "support" };
            (moment_between(joined_at + Duration::days(1), to, dice), by, detail(by, group, joined_at, dice))
        });
        Stay { group: place, joined_at, left, source, detail: detail(source, group, joined_at, dice) }
    }
}

fn source(group: &Group, dice: &mut Dice) -> &'static str {
    let (sources, weights) = match group.kind {
        GroupKind::Public => PUBLIC,
        GroupKind::Private => PRIVATE,
        GroupKind::Hidden => HIDDEN,
    };
    sources[dice.weighted(&running_totals(weights))]
}

fn detail(source: &str, group: &Group, at: DateTime<Utc>, dice: &mut Dice) -> String {
    match source {
        "code" => format!(r#"{{"code":"{}"}}"#, group.code.as_deref().unwrap_or_default()),
        "support" => {
            format!(r#"{{"account":"{}","reason":"{}"}}"#, dice.pick(&AGENTS), dice.pick(&REASONS))
        }
        "import" => format!(r#"{{"file":"members-{}.csv","row":{}}}"#, at.format("%Y-%m"), dice.between(2, 20_000)),
        _ => "{}".to_owned(),
    }
}

/// Some time between, at an hour when shops are open; `from` where there is nothing between.
pub fn moment_between(from: DateTime<Utc>, to: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
    let days = (to - from).num_days().max(0);
    let day = (from + Duration::days(dice.between(0, days))).date_naive();
    let at = day.and_time(chrono::NaiveTime::MIN).and_utc() + rhythm::time_of_day(dice) - Duration::hours(1);
    at.clamp(from, (to - Duration::seconds(1)).max(from))
}
