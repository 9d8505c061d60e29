//! Coverage gaps in words: "Nobody can join from 3 to 9 March: the campaign ends on 2 March".

use super::coverage::{Gap, Why};
use crate::web::period::{Period, day_of, is_first_moment, last_day_before};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

impl Gap {
    /// One sentence without a full stop. Years are named where they are not this year.
    pub fn sentence(&self, zone: Tz, now: DateTime<Utc>) -> String {
        let words = Words { zone, now };
        format!("Nobody can join {}: {}", words.span(&self.period), words.why(self.why))
    }
}

struct Words {
    zone: Tz,
    now: DateTime<Utc>,
}

impl Words {
    fn why(&self, why: Why) -> String {
        match why {
            Why::NotPublished => "the campaign is not published".to_owned(),
            Why::Paused => "the campaign is paused".to_owned(),
            Why::Cancelled => "the campaign is cancelled".to_owned(),
            Why::StartsAt(start) => format!("the campaign starts on {}", self.start(start)),
            Why::EndsAt(end) if end <= self.now => {
                format!("the campaign ended on {}", self.end(end))
            }
            Why::EndsAt(end) => format!("the campaign ends on {}", self.end(end)),
        }
    }

    fn span(&self, gap: &Period) -> String {
        let from_now = gap.starts_at <= self.now;
        let Some(end) = gap.ends_at else {
            return if from_now { "from now on".to_owned() } else { format!("from {} on", self.start(gap.starts_at)) };
        };
        if from_now {
            return format!("from now to {}", self.end(end));
        }
        let (first, last) = (day_of(gap.starts_at, self.zone), last_day_before(end, self.zone));
        match (is_first_moment(gap.starts_at, self.zone), is_first_moment(end, self.zone)) {
            (true, true) => self.days(first, last),
            (_, whole) if first == last => {
                let until = if whole { "midnight".to_owned() } else { self.time(end) };
                format!("from {} to {until} on {}", self.time(gap.starts_at), self.day(first))
            }
            _ => format!("from {} to {}", self.start(gap.starts_at), self.end(end)),
        }
    }

    /// Whole days, naming a month and a year once where both share them.
    fn days(&self, first: NaiveDate, last: NaiveDate) -> String {
        if first == last {
            format!("on {}", self.day(last))
        } else if first.year() != last.year() {
            format!("from {} to {}", first.format("%-d %B %Y"), last.format("%-d %B %Y"))
        } else if first.month() != last.month() {
            format!("from {} to {}", first.format("%-d %B"), self.day(last))
        } else {
            format!("from {} to {}", first.day(), self.day(last))
        }
    }

    fn day(&self, day: NaiveDate) -> String {
        let this_year = day.year() == day_of(self.now, self.zone).year();
        day.format(if this_year { "%-d %B" } else { "%-d %B %Y" }).to_string()
    }

    fn start(&self, instant: DateTime<Utc>) -> String {
        let day = self.day(day_of(instant, self.zone));
        if is_first_moment(instant, self.zone) { day } else { format!("{day} at {}", self.time(instant)) }
    }

    fn end(&self, instant: DateTime<Utc>) -> String {
        if is_first_moment(instant, self.zone) {
            self.day(last_day_before(instant, self.zone))
        } else {
            self.start(instant)
        }
    }

    fn time(&self, instant: DateTime<Utc>) -> String {
        instant.with_timezone(&self.zone).format("%H:%M").to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use crate::groups::coverage::{Standing, shortfalls};
    use crate::web::period::{Period, first_moment, instant_of, parse_day, parse_local};
    use chrono_tz::Europe::Berlin;

    fn days(start: &str, stop: &str) -> Period {
        Period::of_days(parse_day(start).unwrap().unwrap(), parse_day(stop).unwrap(), Berlin).unwrap()
    }

    fn moments(start: &str, end: &str) -> Period {
        Period::of_moments(parse_local(start).unwrap().unwrap(), parse_local(end).unwrap(), Berlin).unwrap()
    }

    /// The sentences on 1 February 2026, 12:00.
    fn said(group: Period, campaign: Period, standing: Standing) -> Vec<String> {
        let now = instant_of(parse_local("2026-02-01T12:00").unwrap().unwrap(), Berlin);
        shortfalls(&group, Some(&campaign), standing, now).iter().map(|gap| gap.sentence(Berlin, now)).collect()
    }

    fn gap(group: Period, campaign: Period) -> String {
        said(group, campaign, Standing::Running).join("; ")
    }

    #[test]
    fn whole_days_are_named_shortly() {
        let group = days("2026-03-01", "2026-03-09");
        assert_eq!(
            gap(group, days("2026-01-01", "2026-03-02")),
            "Nobody can join from 3 to 9 March: the campaign ends on 2 March"
        );
        assert_eq!(
            gap(group, days("2026-01-01", "2026-03-08")),
            "Nobody can join on 9 March: the campaign ends on 8 March"
        );
        assert_eq!(
            gap(days("2026-02-20", "2026-03-09"), days("2026-03-05", "")),
            "Nobody can join from 20 February to 4 March: the campaign starts on 5 March"
        );
        assert_eq!(
            gap(days("2026-03-01", ""), days("2026-01-01", "2026-03-02")),
            "Nobody can join from 3 March on: the campaign ends on 2 March"
        );
    }

    #[test]
    fn other_years_are_named() {
        assert_eq!(
            gap(days("2026-03-01", "2027-01-09"), days("2026-01-01", "2026-12-30")),
            "Nobody can join from 31 December 2026 to 9 January 2027: the campaign ends on 30 December"
        );
        assert_eq!(
            gap(days("2026-03-01", "2027-01-09"), days("2026-01-01", "2027-01-02")),
            "Nobody can join from 3 to 9 January 2027: the campaign ends on 2 January 2027"
        );
    }

    #[test]
    fn now_and_times_of_day_are_named_where_they_matter() {
        let group = days("2026-01-01", "2026-03-09");
        assert_eq!(
            gap(group, days("2026-01-01", "2026-01-20")),
            "Nobody can join from now to 9 March: the campaign ended on 20 January"
        );
        assert_eq!(
            gap(group, moments("2026-01-01T00:00", "2026-03-08T18:00")),
            "Nobody can join from 8 March at 18:00 to 9 March: the campaign ends on 8 March at 18:00"
        );
        assert_eq!(
            gap(group, moments("2026-01-01T00:00", "2026-03-09T18:00")),
            "Nobody can join from 18:00 to midnight on 9 March: the campaign ends on 9 March at 18:00"
        );
        assert_eq!(gap(group, moments("2026-01-01T00:00", "2026-03-09T23:59")), "");
        assert_eq!(
            gap(days("2026-03-09", ""), moments("2026-03-09T09:30", "")),
            "Nobody can join from 00:00 to 09:30 on 9 March: the campaign starts on 9 March at 09:30"
        );
    }

    #[test]
    fn a_campaign_that_staff_hold_back_says_so() {
        let (group, campaign) = (days("2026-01-01", ""), days("2026-01-01", ""));
        for (standing, why) in [
            (Standing::NotPublished, "not published"),
            (Standing::Paused, "paused"),
            (Standing::Cancelled, "cancelled"),
        ] {
            let expected = format!("Nobody can join from now on: the campaign is {why}");
            assert_eq!(said(group, campaign, standing), [expected]);
        }
        assert!(first_moment(group.start_day(Berlin), Berlin) == group.starts_at);
    }
}
