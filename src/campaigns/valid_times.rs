//! Weekdays and hours in which a campaign's codes work, in the organisation's zone.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;

use crate::web::local_time::instant_of;

/// What **Weekdays** and hours of step 4 say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValidTimes {
    /// Bit 0 is Monday.
    weekdays: i16,
    /// From, until; until may lie on the next day.
    hours: Option<(NaiveTime, NaiveTime)>,
}

const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

impl ValidTimes {
    /// From what is stored.
    pub fn new(weekdays: i16, from: Option<NaiveTime>, until: Option<NaiveTime>) -> Self {
        // from and until alike: the whole day
        Self { weekdays, hours: from.zip(until).filter(|(from, until)| from != until) }
    }

    /// Whether there is no restriction.
    pub fn always(&self) -> bool {
        self.weekdays & 127 == 127 && self.hours.is_none()
    }

    /// Whether codes work at this moment.
    pub fn allow(&self, now: DateTime<Utc>, zone: Tz) -> bool {
        let local = now.with_timezone(&zone).naive_local();
        let (today, time) = (local.date(), local.time());
        match self.hours {
            None => self.has(today),
            Some((from, until)) if from < until => self.has(today) && from <= time && is_before(time, until),
            // the hours after midnight belong to the day before
            Some((from, until)) => {
                (self.has(today) && from <= time) || (today.pred_opt().is_some_and(|day| self.has(day)) && time < until)
            }
        }
    }

    /// When codes next begin to work.
    pub fn next_opening(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let today = now.with_timezone(&zone).date_naive();
        let from = self.hours.map_or(NaiveTime::MIN, |(from, _)| from);
        (0..=8)
            .filter_map(|ahead| today.checked_add_days(Days::new(ahead)))
            .filter(|day| self.has(*day))
            .map(|day| instant_of(day.and_time(from), zone))
            .find(|at| *at > now)
    }

    /// "Monday to Friday, 08:00–12:00".
    pub fn words(&self) -> String {
        let days = self.days();
        match self.hours {
            None => days,
            Some((from, until)) => format!("{days}, {}–{}", from.format("%H:%M"), until.format("%H:%M")),
        }
    }

    fn has(&self, day: NaiveDate) -> bool {
        self.weekdays >> day.weekday().num_days_from_monday() & 1 == 1
    }

    fn days(&self) -> String {
        let set: Vec<usize> = (0..7).filter(|day| self.weekdays >> day & 1 == 1).collect();
        let names: Vec<&str> = set.iter().filter_map(|day| NAMES.get(*day).copied()).collect();
        match (set.as_slice(), names.as_slice()) {
            ([_, _, _, _, _, _, _], _) => "every day".to_owned(),
            ([first, .., last], [from, .., to]) if set.len() > 2 && last - first == set.len() - 1 => {
                format!("{from} to {to}")
            }
            (_, [all @ .., last]) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
            (_, [only]) => (*only).to_owned(),
            _ => String::new(),
        }
    }
}

/// An end of 23:59 means the end of that day, as people mean it.
fn is_before(time: NaiveTime, until: NaiveTime) -> bool {
    time < until || (until.hour() == 23 && until.minute() == 59)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use chrono::TimeZone;

    const ZONE: Tz = Tz::Europe__Berlin;

    fn at(text: &str) -> DateTime<Utc> {
        ZONE.from_local_datetime(&text.parse().unwrap()).unwrap().to_utc()
    }

    fn hours(weekdays: i16, from: &str, until: &str) -> ValidTimes {
        ValidTimes::new(weekdays, from.parse().ok(), until.parse().ok())
    }

    #[test]
    fn weekdays_and_hours_are_the_organisation_s() {
        let mornings = hours(0b001_1111, "08:00:00", "12:00:00");
        // 24 Nov 2026 is a Tuesday
        for (moment, allowed) in [
            ("2026-11-24T07:59:59", false),
            ("2026-11-24T08:00:00", true),
            ("2026-11-24T11:59:59", true),
            ("2026-11-24T12:00:00", false),
            ("2026-11-28T09:00:00", false),
        ] {
            assert_eq!(mornings.allow(at(moment), ZONE), allowed, "{moment}");
        }
        assert_eq!(mornings.next_opening(at("2026-11-27T12:00:00"), ZONE), Some(at("2026-11-30T08:00:00")));
        assert!(!mornings.always() && hours(127, "", "").always());
    }

    #[test]
    fn hours_may_pass_midnight() {
        let friday_night = hours(0b001_0000, "22:00:00", "02:00:00");
        assert!(friday_night.allow(at("2026-11-27T23:00:00"), ZONE));
        assert!(friday_night.allow(at("2026-11-28T01:59:00"), ZONE));
        assert!(!friday_night.allow(at("2026-11-28T02:00:00"), ZONE));
        assert!(!friday_night.allow(at("2026-11-27T01:00:00"), ZONE));
    }

    #[test]
    fn an_end_at_23_59_is_the_day_s() {
        assert!(hours(127, "08:00:00", "23:59:00").allow(at("2026-11-24T23:59:59"), ZONE));
    }

    #[test]
    fn in_words() {
        assert_eq!(hours(0b001_1111, "08:00:00", "12:00:00").words(), "Monday to Friday, 08:00–12:00");
        assert_eq!(hours(127, "08:00:00", "12:30:00").words(), "every day, 08:00–12:30");
        assert_eq!(hours(0b110_0000, "", "").words(), "Saturday and Sunday");
        assert_eq!(hours(0b010_0101, "", "").words(), "Monday, Wednesday and Saturday");
        assert_eq!(hours(0b000_0001, "", "").words(), "Monday");
    }
}
