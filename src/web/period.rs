//! A stretch of time between two days or two moments of the organisation's time zone.

pub use super::local_time::{
    day_of, first_moment, instant_of, is_first_moment, last_day_before, parse_day, parse_local,
};

use super::local_time::next_day;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

/// A stretch of time: its first instant belongs to it, its end does not; no end means open-ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

impl Period {
    /// From the start day's first moment to the stop day's last.
    pub fn of_days(start: NaiveDate, stop: Option<NaiveDate>, zone: Tz) -> Result<Period, String> {
        if stop.is_some_and(|stop| stop < start) {
            return Err("Enter a stop date that is not before the start date".to_owned());
        }
        let ends_at = stop.map(|stop| first_moment(next_day(stop), zone));
        Self::checked(first_moment(start, zone), ends_at, "Enter days that exist in this time zone")
    }

    /// From local time to local time. An end at 23:59 means the end of that day, as people mean it.
    pub fn of_moments(start: NaiveDateTime, end: Option<NaiveDateTime>, zone: Tz) -> Result<Period, String> {
        let ends_at = end.map(|end| {
            let day_is_over = NaiveTime::from_hms_opt(23, 59, 0).is_some_and(|last| end.time() >= last);
            if day_is_over { first_moment(next_day(end.date()), zone) } else { instant_of(end, zone) }
        });
        Self::checked(instant_of(start, zone), ends_at, "Enter an end that is after the start")
    }

    fn checked(starts_at: DateTime<Utc>, ends_at: Option<DateTime<Utc>>, wrong: &str) -> Result<Period, String> {
        match ends_at {
            Some(ends_at) if ends_at <= starts_at => Err(wrong.to_owned()),
            _ => Ok(Period { starts_at, ends_at }),
        }
    }

    /// The day it starts on.
    pub fn start_day(&self, zone: Tz) -> NaiveDate {
        day_of(self.starts_at, zone)
    }

    /// The last day that has a moment of it.
    pub fn stop_day(&self, zone: Tz) -> Option<NaiveDate> {
        self.ends_at.map(|end| last_day_before(end, zone))
    }

    /// The start for a `datetime-local` field.
    pub fn start_field(&self, zone: Tz) -> String {
        field(self.starts_at.with_timezone(&zone).naive_local())
    }

    /// The end for a `datetime-local` field: 23:59 where it is a day's end.
    pub fn end_field(&self, zone: Tz) -> Option<String> {
        let end = self.ends_at?;
        Some(if is_first_moment(end, zone) {
            format!("{}T23:59", last_day_before(end, zone))
        } else {
            field(end.with_timezone(&zone).naive_local())
        })
    }

    pub fn contains(&self, now: DateTime<Utc>) -> bool {
        self.has_started(now) && !self.has_ended(now)
    }

    pub fn has_started(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now
    }

    pub fn has_ended(&self, now: DateTime<Utc>) -> bool {
        self.ends_at.is_some_and(|end| end <= now)
    }
}

fn field(local: NaiveDateTime) -> String {
    local.format("%Y-%m-%dT%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::web::local_time::tests::zone_and_day;
    use chrono::{Days, TimeDelta};
    use chrono_tz::{Europe, Pacific};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).unwrap().unwrap()
    }

    #[test]
    fn a_stop_day_counts_to_its_last_moment_over_a_change_of_clocks() {
        let period = Period::of_days(day("2026-03-28"), Some(day("2026-03-29")), Europe::Berlin).unwrap();
        assert_eq!(period.starts_at.to_rfc3339(), "2026-03-27T23:00:00+00:00");
        assert_eq!(period.ends_at.unwrap().to_rfc3339(), "2026-03-29T22:00:00+00:00");
        let end = period.ends_at.unwrap();
        assert!(period.contains(period.starts_at) && period.contains(end - TimeDelta::nanoseconds(1)));
        assert!(!period.contains(end) && period.has_ended(end));
    }

    #[test]
    fn an_end_at_2359_is_the_end_of_the_day() {
        let at = |text| parse_local(text).unwrap().unwrap();
        let period = Period::of_moments(at("2026-03-01T09:00"), Some(at("2026-03-02T23:59")), Europe::Berlin).unwrap();
        assert_eq!(period.ends_at, Some(first_moment(day("2026-03-03"), Europe::Berlin)));
        assert_eq!(period.end_field(Europe::Berlin).unwrap(), "2026-03-02T23:59");
        assert_eq!(period.start_field(Europe::Berlin), "2026-03-01T09:00");
        let wrong = Period::of_moments(at("2026-03-02T09:00"), Some(at("2026-03-02T09:00")), Europe::Berlin);
        assert_eq!(wrong.unwrap_err(), "Enter an end that is after the start");
    }

    #[test]
    fn days_that_make_no_period_are_refused() {
        let wrong = Period::of_days(day("2026-03-02"), Some(day("2026-03-01")), Europe::Berlin);
        assert_eq!(wrong.unwrap_err(), "Enter a stop date that is not before the start date");
        let skipped = day("2011-12-30");
        assert!(Period::of_days(skipped, Some(skipped), Pacific::Apia).is_err());
    }

    proptest! {
        #[test]
        fn days_survive_becoming_instants((zone, start) in zone_and_day(), length in 0_u64..500) {
            let stop = start + Days::new(length);
            let skipped = |d| zone == Pacific::Apia && d == NaiveDate::from_ymd_opt(2011, 12, 30).unwrap();
            prop_assume!(!skipped(start) && !skipped(stop));
            let period = Period::of_days(start, Some(stop), zone).unwrap();
            prop_assert_eq!(period.start_day(zone), start);
            prop_assert_eq!(period.stop_day(zone), Some(stop));
            prop_assert!(is_first_moment(period.starts_at, zone));
        }


    }
}
