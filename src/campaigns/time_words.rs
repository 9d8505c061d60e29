//! A campaign's times in words.

use chrono::{DateTime, NaiveTime, Utc};

use super::valid_times::ValidTimes;
use super::{Marks, TimeSettings};
use crate::settings::Organisation;
use crate::web::period::{is_first_moment, last_day_before};

/// The days of a week, as forms send them and as they are shown.
pub const WEEKDAYS: [(&str, &str); 7] = [
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
];

/// "1 Dec 2026 to 24 Dec 2026"; empty while neither is known.
pub fn frame(marks: &Marks, organisation: &Organisation) -> String {
    match (marks.starts_at, marks.ends_at) {
        (None, None) => String::new(),
        (Some(from), None) => format!("from {}", start(from, organisation)),
        (None, Some(until)) => format!("until {}", end(until, organisation)),
        (Some(from), Some(until)) => format!("{} to {}", start(from, organisation), end(until, organisation)),
    }
}

/// "1 Dec 2026", with the time where it is not the day's first moment.
pub fn start(at: DateTime<Utc>, organisation: &Organisation) -> String {
    if is_first_moment(at, organisation.zone) { organisation.day(at) } else { organisation.moment(at) }
}

/// The last day, or the moment where it is within a day.
pub fn end(at: DateTime<Utc>, organisation: &Organisation) -> String {
    if is_first_moment(at, organisation.zone) {
        organisation.date(last_day_before(at, organisation.zone))
    } else {
        organisation.moment(at)
    }
}

impl TimeSettings {
    /// Whether codes can be validated on this day; 0 is Monday.
    pub fn has_weekday(&self, day: usize) -> bool {
        self.weekdays & (1 << day) != 0
    }

    /// "Every day", "Monday to Friday, 14:00–17:00".
    pub fn days_words(&self) -> String {
        let words = ValidTimes::new(self.weekdays, self.valid_from, self.valid_until).words();
        let mut letters = words.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }

    /// "7 days after issue", "Until the campaign's end".
    pub fn validity_words(&self) -> String {
        match self.validity_days {
            None => "Until the campaign’s end".to_owned(),
            Some(days) => format!("{} after issue", days_counted(days)),
        }
    }

    /// "22:00 to 08:00", "None".
    pub fn quiet_words(&self) -> String {
        hours(self.quiet_from, self.quiet_until).unwrap_or_else(|| "None".to_owned())
    }

    /// "3 days before expiry", "None".
    pub fn reminder_words(&self) -> String {
        match self.reminder_days {
            None => "None".to_owned(),
            Some(days) => format!("{} before expiry", days_counted(days.into())),
        }
    }
}

/// "2 hours", "90 minutes".
pub fn minutes_words(minutes: i32) -> String {
    let (number, unit) = if minutes % 60 == 0 { (minutes / 60, "hour") } else { (minutes, "minute") };
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

fn days_counted(days: i32) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

fn hours(from: Option<NaiveTime>, until: Option<NaiveTime>) -> Option<String> {
    Some(format!("{} to {}", from?.format("%H:%M"), until?.format("%H:%M")))
}
