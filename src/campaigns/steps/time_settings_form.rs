//! Step 4 as typed.

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::whole;
use crate::campaigns::time_words::WEEKDAYS;
use crate::campaigns::{Channel, IfLate, TimeSettings};
use crate::web::{FieldErrors, Period};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TimeSettingsForm {
    pub start: String,
    pub end: String,
    pub validity: String,
    pub validity_days: String,
    pub weekdays: Vec<String>,
    pub hours_from: String,
    pub hours_until: String,
    pub quiet_from: String,
    pub quiet_until: String,
    pub reminder: String,
    pub if_late: String,
    pub then: String,
}

impl TimeSettingsForm {
    /// What is stored, to be edited.
    pub fn of(times: &TimeSettings, zone: Tz) -> Self {
        let time = |time: Option<NaiveTime>| time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
        Self {
            start: start_field(times.starts_at, zone),
            end: end_field(times.ends_at, zone),
            validity: if times.validity_days.is_some() { "days" } else { "end" }.to_owned(),
            validity_days: times.validity_days.map(|days| days.to_string()).unwrap_or_default(),
            weekdays: WEEKDAYS
                .iter()
                .enumerate()
                .filter(|(day, _)| times.has_weekday(*day))
                .map(|(_, (key, _))| (*key).to_owned())
                .collect(),
            hours_from: time(times.valid_from),
            hours_until: time(times.valid_until),
            quiet_from: time(times.quiet_from),
            quiet_until: time(times.quiet_until),
            reminder: times.reminder_days.map(|days| days.to_string()).unwrap_or_default(),
            if_late: times.if_late().key().to_owned(),
            then: String::new(),
        }
    }

    /// What is given is checked; what is not may come later. `before` is what is stored: a moment that the form
    /// shows less exactly than it is stays as it is.
    pub fn parse(
        &self,
        before: &TimeSettings,
        channel: Channel,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> (TimeSettings, FieldErrors) {
        let mut errors = FieldErrors::new();
        let (starts_at, ends_at) = self.frame(before, zone, now, &mut errors);
        let is_issued = channel != Channel::Code;
        let validity_days = match self.validity.as_str() {
            "days" if is_issued => {
                let days = whole::parse(&self.validity_days, 1..=3_650)
                    .and_then(|days| days.ok_or_else(|| "Enter for how many days it is valid".to_owned()));
                errors.take("validity_days", days)
            }
            _ => None,
        };
        let (valid_from, valid_until) = hours(&self.hours_from, &self.hours_until, "hours", &mut errors);
        if valid_from == valid_until && valid_from.is_some() {
            errors.add("hours_until", "Enter another time than the first, or leave both empty for the whole day");
        }
        let (quiet_from, quiet_until) =
            if is_issued { hours(&self.quiet_from, &self.quiet_until, "quiet", &mut errors) } else { (None, None) };
        if quiet_from == quiet_until && quiet_from.is_some() {
            errors.add("quiet_until", "Enter another time than the first");
        }
        let reminder = if is_issued { errors.take("reminder", whole::parse(&self.reminder, 1..=365)) } else { None };
        // asked only where something is issued
        let rule = if is_issued { IfLate::parse(&self.if_late) } else { Some(before.if_late()) };
        let if_late = errors.take("if_late", rule.ok_or("Choose what becomes of it if it is late"));
        let times = TimeSettings {
            starts_at,
            ends_at,
            validity_days,
            weekdays: self.weekday_bits(&mut errors),
            valid_from,
            valid_until,
            quiet_from,
            quiet_until,
            reminder_days: reminder.flatten().and_then(|days| i16::try_from(days).ok()),
            if_late: if_late.unwrap_or(before.if_late()).key().to_owned(),
        };
        (times, errors)
    }

    fn frame(
        &self,
        before: &TimeSettings,
        zone: Tz,
        now: DateTime<Utc>,
        errors: &mut FieldErrors,
    ) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        use crate::web::period::{instant_of, parse_local};
        let start = errors.take("start", parse_local(&self.start)).flatten();
        let end = errors.take("end", parse_local(&self.end)).flatten();
        let kept_start = before.starts_at.filter(|_| self.start == start_field(before.starts_at, zone));
        let kept_end = before.ends_at.filter(|_| self.end == end_field(before.ends_at, zone));
        let starts_at = kept_start.or_else(|| start.map(|start| instant_of(start, zone)));
        // `Period` knows what 23:59 means; a start long before keeps its own rule out of it
        let ends_at = kept_end.or_else(|| {
            let end = end?;
            Period::of_moments(end - chrono::Days::new(2), Some(end), zone).ok()?.ends_at
        });
        if let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at)
            && ends_at <= starts_at
        {
            errors.add("end", "Enter an end that is after the start");
        } else if kept_end.is_none() && ends_at.is_some_and(|end| end <= now) {
            errors.add("end", "Enter an end in the future");
        }
        (starts_at, ends_at)
    }

    fn weekday_bits(&self, errors: &mut FieldErrors) -> i16 {
        let ticked = |(day, (key, _)): (usize, &(&str, &str))| {
            self.weekdays.iter().any(|typed| typed == key).then_some(1 << day)
        };
        let bits: i16 = WEEKDAYS.iter().enumerate().filter_map(ticked).sum();
        if bits == 0 {
            errors.add("weekdays", "Choose at least one day");
        }
        bits
    }

    /// Whether a day is ticked, with its key and name.
    pub fn days(&self) -> Vec<(&'static str, &'static str, bool)> {
        WEEKDAYS.iter().map(|(key, name)| (*key, *name, self.weekdays.iter().any(|typed| typed == key))).collect()
    }
}

/// Both or none.
fn hours(from: &str, until: &str, field: &str, errors: &mut FieldErrors) -> (Option<NaiveTime>, Option<NaiveTime>) {
    let (from_field, until_field) = (format!("{field}_from"), format!("{field}_until"));
    let count = errors.iter().count();
    let from = errors.take(&from_field, time(from)).flatten();
    let until = errors.take(&until_field, time(until)).flatten();
    if errors.iter().count() == count {
        match (from, until) {
            (Some(_), None) => errors.add(&until_field, "Enter until when, or leave both empty"),
            (None, Some(_)) => errors.add(&from_field, "Enter from when, or leave both empty"),
            _ => {}
        }
    }
    (from, until)
}

fn time(raw: &str) -> Result<Option<NaiveTime>, String> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let read = |format: &str| NaiveTime::parse_from_str(raw, format).ok();
    read("%H:%M").or_else(|| read("%H:%M:%S")).map(Some).ok_or_else(|| "Enter a time like 14:30".to_owned())
}

fn start_field(starts_at: Option<DateTime<Utc>>, zone: Tz) -> String {
    starts_at.map(|starts_at| Period { starts_at, ends_at: None }.start_field(zone)).unwrap_or_default()
}

fn end_field(ends_at: Option<DateTime<Utc>>, zone: Tz) -> String {
    ends_at.and_then(|end| Period { starts_at: end, ends_at: Some(end) }.end_field(zone)).unwrap_or_default()
}
