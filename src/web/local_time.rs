//! Days and local times become instants here, and nowhere else.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The first moment of a day: midnight, or where the clocks jump over midnight the first moment after.
pub fn first_moment(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    instant_of(day.and_time(NaiveTime::MIN), zone)
}

/// Whether a day begins at this instant.
pub fn is_first_moment(instant: DateTime<Utc>, zone: Tz) -> bool {
    first_moment(day_of(instant, zone), zone) == instant
}

/// The day that the clocks on the wall show.
pub fn day_of(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// The day that an exclusive end still belongs to.
pub fn last_day_before(end: DateTime<Utc>, zone: Tz) -> NaiveDate {
    day_of(end - TimeDelta::microseconds(1), zone)
}

/// The instant of a local time: the earlier of two, or where the clocks jump over it the first after.
pub fn instant_of(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local).earliest() {
        Some(instant) => instant.to_utc(),
        None => end_of_gap(local, zone),
    }
}

/// Finds, to the second, the change of clocks that skipped a local time. No two changes lie closer
/// together than the window, and no zone is further than 14 hours from UTC.
fn end_of_gap(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let shown = |instant: DateTime<Utc>| instant.with_timezone(&zone).naive_local();
    let wanted = local.and_utc();
    let (mut before, mut after) = (wanted - TimeDelta::hours(26), wanted + TimeDelta::hours(26));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if shown(middle) < local { before = middle } else { after = middle }
    }
    after
}

/// Reads a `date` field; `None` when empty.
pub fn parse_day(raw: &str) -> Result<Option<NaiveDate>, String> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    let day = NaiveDate::parse_from_str(raw.trim(), "%Y-%m-%d").map_err(|_| "Enter a date like 2026-03-29")?;
    in_range(day).map(|()| Some(day))
}

/// Reads a `datetime-local` field; `None` when empty.
pub fn parse_local(raw: &str) -> Result<Option<NaiveDateTime>, String> {
    let raw = raw.trim().replace(' ', "T");
    if raw.is_empty() {
        return Ok(None);
    }
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&raw, format).ok())
        .ok_or("Enter a date and time like 2026-03-29 14:30")?;
    in_range(local.date()).map(|()| Some(local))
}

fn in_range(day: NaiveDate) -> Result<(), String> {
    match day.year() {
        2000..=2199 => Ok(()),
        _ => Err("Enter a year from 2000 to 2199".to_owned()),
    }
}

pub(super) fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use chrono_tz::{Africa, America, Asia, Australia, Europe, Pacific};
    use proptest::prelude::*;

    fn instant(local: &str, zone: Tz) -> String {
        instant_of(parse_local(local).unwrap().unwrap(), zone).to_rfc3339()
    }

    #[test]
    fn times_that_the_clocks_skip_or_show_twice() {
        assert_eq!(instant("2026-03-29T02:30", Europe::Berlin), "2026-03-29T01:00:00+00:00");
        assert_eq!(instant("2026-10-25T02:30", Europe::Berlin), "2026-10-25T00:30:00+00:00");
        // Midnight does not exist on these days.
        assert_eq!(instant("2018-11-04T00:00", America::Sao_Paulo), "2018-11-04T03:00:00+00:00");
        assert_eq!(instant("2026-04-24T00:00", Africa::Cairo), "2026-04-23T22:00:00+00:00");
        // Midnight comes twice.
        assert_eq!(instant("2026-11-01T00:00", America::Havana), "2026-11-01T04:00:00+00:00");
        // A whole day was left out.
        assert_eq!(instant("2011-12-30T12:00", Pacific::Apia), "2011-12-30T10:00:00+00:00");
    }

    #[test]
    fn what_is_no_date_is_refused_with_an_instruction() {
        assert_eq!(parse_day(" ").unwrap(), None);
        assert_eq!(parse_day("29.3.2026").unwrap_err(), "Enter a date like 2026-03-29");
        assert_eq!(parse_day("2026-02-30").unwrap_err(), "Enter a date like 2026-03-29");
        assert_eq!(parse_day("1999-12-31").unwrap_err(), "Enter a year from 2000 to 2199");
        assert!(parse_day("20260-01-01").is_err());
        assert_eq!(parse_local("2026-03-29").unwrap_err(), "Enter a date and time like 2026-03-29 14:30");
        assert_eq!(parse_local("2026-03-29 14:30").unwrap(), parse_local("2026-03-29T14:30:00").unwrap());
    }

    pub const ZONES: [Tz; 10] = [
        Europe::Berlin,
        America::New_York,
        America::Sao_Paulo,
        America::Havana,
        America::St_Johns,
        Africa::Cairo,
        Asia::Beirut,
        Australia::Lord_Howe,
        Pacific::Apia,
        Tz::UTC,
    ];

    /// Days in all years, and often days around a change of clocks of the zone.
    pub fn zone_and_day() -> impl Strategy<Value = (Tz, NaiveDate)> {
        (0..ZONES.len(), 0_u64..73_000, any::<bool>(), 0_u64..3).prop_map(|(zone, days, near, shift)| {
            let zone = ZONES[zone];
            let mut day = NaiveDate::from_ymd_opt(2000, 1, 2).unwrap() + Days::new(days);
            let hours = |day| (first_moment(next_day(day), zone) - first_moment(day, zone)).num_minutes();
            if near {
                day = (0..400).map(|n| day + Days::new(n)).find(|d| hours(*d) != 1440).unwrap_or(day);
                day = day + Days::new(shift) - Days::new(1);
            }
            (zone, day)
        })
    }

    proptest! {
        #[test]
        fn a_days_first_and_last_instants_belong_to_it((zone, day) in zone_and_day()) {
            let (start, end) = (first_moment(day, zone), first_moment(next_day(day), zone));
            prop_assume!(start != end);
            prop_assert_eq!(day_of(start, zone), day);
            prop_assert_eq!(day_of(end - TimeDelta::microseconds(1), zone), day);
            // The moment before it belongs to an earlier day: nothing of the day is left out.
            prop_assert!(day_of(start - TimeDelta::microseconds(1), zone) < day);
        }

        #[test]
        fn local_times_survive_unless_the_clocks_skip_them((zone, day) in zone_and_day(), minute in 0..1440_i64) {
            let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
            let shown = instant_of(local, zone).with_timezone(&zone).naive_local();
            prop_assert!(shown >= local);
            prop_assert!(shown == local || zone.from_local_datetime(&local).earliest().is_none());
        }
    }
}
