//! When all messages would be out: at the channel's rate, minute by minute, with each zone's quiet hours.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Nobody looks further ahead.
const HORIZON: i64 = 60 * 24 * 60;

/// The outcome.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Estimate {
    /// When the first would go.
    pub begins_at: DateTime<Utc>,
    /// When the last would have gone; none: not within 60 days.
    pub ends_at: Option<DateTime<Utc>>,
    /// Messages that wait for the end of quiet hours.
    pub waiting: i64,
    /// Messages whose turn comes after the coupon's end.
    pub too_late: i64,
    /// Messages a second that the channel is allowed; none: no limit is set.
    pub rate: Option<i32>,
    /// Whether the channel is on; else all goes to the Outbox at once.
    pub is_on: bool,
}

/// What it depends on.
pub struct Plan<'a> {
    /// Messages by zone; "": the organisation's.
    pub zones: &'a BTreeMap<String, i64>,
    /// The organisation's zone.
    pub zone: Tz,
    /// From, until.
    pub quiet: Option<(NaiveTime, NaiveTime)>,
    /// When the first may go.
    pub begins_at: DateTime<Utc>,
    /// The coupon's end.
    pub ends_at: Option<DateTime<Utc>>,
    /// Messages a second.
    pub per_second: f64,
}

struct Line {
    zone: Tz,
    left: f64,
    has_waited: bool,
}

impl Plan<'_> {
    /// Walks through the minutes.
    pub fn estimate(&self) -> Estimate {
        let line = |(zone, count): (&String, &i64)| Line {
            zone: zone.parse().unwrap_or(self.zone),
            left: *count as f64,
            has_waited: false,
        };
        let mut lines: Vec<Line> = self.zones.iter().map(line).filter(|line| line.left > 0.0).collect();
        let mut outcome = Estimate { begins_at: self.begins_at, ..Estimate::default() };
        for minute in 0..HORIZON {
            let now = self.begins_at + Duration::minutes(minute);
            lines.retain(|line| line.left >= 0.5);
            if lines.is_empty() {
                break;
            }
            if self.ends_at.is_some_and(|end| end <= now) {
                outcome.too_late = lines.iter().map(|line| line.left.round() as i64).sum();
                outcome.ends_at = outcome.ends_at.or(Some(now));
                return outcome;
            }
            let gone = self.minute(&mut lines, now, &mut outcome.waiting);
            if gone > 0.0 {
                outcome.ends_at = Some(now + Duration::milliseconds((gone / self.per_second * 1000.0).ceil() as i64));
            }
        }
        if !lines.iter().all(|line| line.left < 0.5) {
            outcome.ends_at = None;
        }
        outcome
    }

    /// How many go in this minute.
    fn minute(&self, lines: &mut [Line], now: DateTime<Utc>, waiting: &mut i64) -> f64 {
        let mut room = self.per_second * 60.0;
        let full = room;
        for line in lines {
            if self.is_quiet(now, line.zone) {
                *waiting += if line.has_waited { 0 } else { line.left.round() as i64 };
                line.has_waited = true;
                continue;
            }
            let go = line.left.min(room);
            line.left -= go;
            room -= go;
        }
        full - room
    }

    fn is_quiet(&self, now: DateTime<Utc>, zone: Tz) -> bool {
        let time = now.with_timezone(&zone).time();
        match self.quiet {
            Some((from, until)) if from < until => from <= time && time < until,
            Some((from, until)) if from > until => from <= time || time < until,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use chrono::TimeZone;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 24, hour, minute, 0).unwrap()
    }

    fn time(hour: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, 0, 0).unwrap()
    }

    fn plan(zones: &BTreeMap<String, i64>) -> Plan<'_> {
        Plan {
            zones,
            zone: Tz::UTC,
            quiet: Some((time(21), time(8))),
            begins_at: at(10, 0),
            ends_at: None,
            per_second: 10.0,
        }
    }

    #[test]
    fn the_rate_sets_the_end() {
        let zones = BTreeMap::from([(String::new(), 6_000)]);
        let found = plan(&zones).estimate();
        assert_eq!((found.waiting, found.too_late, found.ends_at), (0, 0, Some(at(10, 10))));
        let some = BTreeMap::from([(String::new(), 605)]);
        assert_eq!(plan(&some).estimate().ends_at, Some(at(10, 1) + Duration::milliseconds(500)));
        let none = BTreeMap::new();
        assert_eq!(plan(&none).estimate().ends_at, None);
    }

    #[test]
    fn those_in_quiet_hours_wait() {
        // 20:00 in New York is quiet time in Berlin, two in the morning
        let zones = BTreeMap::from([("Europe/Berlin".to_owned(), 600), ("America/New_York".to_owned(), 600)]);
        let found = Plan { begins_at: at(1, 0), ..plan(&zones) }.estimate();
        assert_eq!(found.waiting, 600);
        assert_eq!(found.ends_at, Some(at(7, 1)), "08:00 in Berlin");
        // quiet hours begin in the middle of it: 21:00
        let zones = BTreeMap::from([(String::new(), 1_200)]);
        let found = Plan { begins_at: at(20, 59), ..plan(&zones) }.estimate();
        assert_eq!((found.waiting, found.ends_at), (600, Some(at(8, 1) + Duration::days(1))));
    }

    #[test]
    fn what_comes_after_the_end_is_too_late() {
        let zones = BTreeMap::from([(String::new(), 6_000)]);
        let found = Plan { ends_at: Some(at(10, 4)), ..plan(&zones) }.estimate();
        assert_eq!(found.too_late, 3_600);
        let found = Plan { begins_at: at(22, 0), ends_at: Some(at(23, 0)), ..plan(&zones) }.estimate();
        assert_eq!((found.waiting, found.too_late), (6_000, 6_000));
    }
}
