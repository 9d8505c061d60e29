//! Does a group's campaign run for as long as the group does? Where not, nobody can join by code.

use crate::web::period::Period;
use chrono::{DateTime, Utc};

/// Whether staff let the campaign run at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Running,
    NotPublished,
    Paused,
    Cancelled,
}

/// Why nobody can join for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    NotPublished,
    Paused,
    Cancelled,
    /// The campaign starts only then.
    StartsAt(DateTime<Utc>),
    /// The campaign's (exclusive) end.
    EndsAt(DateTime<Utc>),
}

/// A stretch of the group's future in which nobody can join, and why. `sentence` puts it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub period: Period,
    pub why: Why,
}

/// The spans, from now on, in which the group is active but outside the campaign's time frame.
pub fn gaps(group: &Period, campaign: &Period, now: DateTime<Utc>) -> Vec<Period> {
    let Some(future) = future_of(group, now) else {
        return Vec::new();
    };
    let before = Period { starts_at: future.starts_at, ends_at: Some(campaign.starts_at) };
    let after = campaign.ends_at.map(|end| Period { starts_at: end, ends_at: None });
    [Some(before), after].into_iter().flatten().filter_map(|outside| overlap(&future, &outside)).collect()
}

/// Every reason at once, in the order of time: outside the time frame, and inside it where the
/// campaign is held back. A draft may have no time frame yet.
pub fn shortfalls(group: &Period, campaign: Option<&Period>, standing: Standing, now: DateTime<Utc>) -> Vec<Gap> {
    let Some(future) = future_of(group, now) else {
        return Vec::new();
    };
    let held = match standing {
        Standing::Running => None,
        Standing::NotPublished => Some(Why::NotPublished),
        Standing::Paused => Some(Why::Paused),
        Standing::Cancelled => Some(Why::Cancelled),
    };
    let Some(campaign) = campaign.filter(|_| standing != Standing::Cancelled) else {
        let why = held.unwrap_or(Why::NotPublished);
        return vec![Gap { period: future, why }];
    };
    let outside = gaps(group, campaign, now).into_iter().map(|period| {
        let too_late = campaign.ends_at.filter(|end| *end <= period.starts_at);
        Gap { period, why: too_late.map_or(Why::StartsAt(campaign.starts_at), Why::EndsAt) }
    });
    let inside = held.and_then(|why| overlap(&future, campaign).map(|period| Gap { period, why }));
    let mut all: Vec<Gap> = outside.chain(inside).collect();
    all.sort_by_key(|gap| gap.period.starts_at);
    all
}

fn future_of(group: &Period, now: DateTime<Utc>) -> Option<Period> {
    overlap(group, &Period { starts_at: now, ends_at: None })
}

fn overlap(one: &Period, other: &Period) -> Option<Period> {
    let starts_at = one.starts_at.max(other.starts_at);
    let ends_at = match (one.ends_at, other.ends_at) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let lasts = ends_at.is_none_or(|end| starts_at < end);
    lasts.then_some(Period { starts_at, ends_at })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + hour * 3600, 0).unwrap()
    }

    fn period(start: i64, end: Option<i64>) -> Period {
        Period { starts_at: at(start), ends_at: end.map(at) }
    }

    #[test]
    fn a_campaign_that_covers_the_group_leaves_no_gap() {
        assert_eq!(gaps(&period(2, Some(9)), &period(0, Some(9)), at(0)), []);
        assert_eq!(gaps(&period(2, None), &period(0, None), at(0)), []);
        assert_eq!(gaps(&period(2, Some(5)), &period(3, Some(4)), at(6)), [], "the past is past");
    }

    #[test]
    fn gaps_lie_before_and_after_the_campaign() {
        let both = gaps(&period(2, Some(9)), &period(3, Some(5)), at(0));
        assert_eq!(both, [period(2, Some(3)), period(5, Some(9))]);
        assert_eq!(gaps(&period(2, None), &period(0, Some(5)), at(7)), [period(7, None)]);
    }

    #[test]
    fn a_held_campaign_adds_its_reason() {
        let (group, campaign) = (period(2, Some(9)), period(0, Some(5)));
        let held = shortfalls(&group, Some(&campaign), Standing::Paused, at(0));
        assert_eq!(held[0], Gap { period: period(2, Some(5)), why: Why::Paused });
        assert_eq!(held[1], Gap { period: period(5, Some(9)), why: Why::EndsAt(at(5)) });
        let cancelled = shortfalls(&group, Some(&campaign), Standing::Cancelled, at(3));
        assert_eq!(cancelled, [Gap { period: period(3, Some(9)), why: Why::Cancelled }]);
        let draft = shortfalls(&group, None, Standing::NotPublished, at(0));
        assert_eq!(draft, [Gap { period: group, why: Why::NotPublished }]);
        assert_eq!(shortfalls(&group, Some(&period(0, None)), Standing::Running, at(0)), []);
    }

    fn any_period() -> impl Strategy<Value = Period> {
        (0_i64..40, proptest::option::of(1_i64..40)).prop_map(|(s, n)| period(s, n.map(|n| s + n)))
    }

    fn any_standing() -> impl Strategy<Value = Standing> {
        use Standing::{Cancelled, NotPublished, Paused, Running};
        proptest::sample::select(vec![Running, NotPublished, Paused, Cancelled])
    }

    proptest! {
        #[test]
        fn gaps_and_what_is_covered_make_the_groups_future(group in any_period(), campaign in any_period(), now in 0_i64..80) {
            let gaps = gaps(&group, &campaign, at(now));
            for t in (0..120).map(at) {
                let uncovered = t >= at(now) && group.contains(t) && !campaign.contains(t);
                prop_assert_eq!(gaps.iter().filter(|gap| gap.contains(t)).count(), usize::from(uncovered));
            }
        }

        #[test]
        fn each_moment_nobody_can_join_has_one_reason(
            group in any_period(), campaign in any_period(), standing in any_standing(), now in 0_i64..80,
        ) {
            let found = shortfalls(&group, Some(&campaign), standing, at(now));
            prop_assert!(found.is_sorted_by_key(|gap| gap.period.starts_at));
            for t in (0..120).map(at) {
                let runs = standing == Standing::Running && campaign.contains(t);
                let expected = t >= at(now) && group.contains(t) && !runs;
                prop_assert_eq!(found.iter().filter(|gap| gap.period.contains(t)).count(), usize::from(expected));
            }
        }
    }
}
