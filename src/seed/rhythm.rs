//! When people come for coffee: before work, at noon, after work; less at weekends, hardly at night.

use super::dice::Dice;
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

/// Weight of each hour of the day, as running totals.
const HOURS: [u64; 24] =
    [1, 1, 1, 1, 2, 8, 40, 110, 205, 280, 330, 370, 445, 520, 570, 610, 660, 725, 780, 815, 840, 856, 866, 870];

/// A time of day, more likely when the shops are busy.
pub fn time_of_day(dice: &mut Dice) -> TimeDelta {
    let hour = dice.weighted(&HOURS);
    TimeDelta::hours(i64::try_from(hour).unwrap_or(12)) + TimeDelta::microseconds(dice.between(0, 3_599_999_999))
}

/// A moment of this day on the clocks of the organisation.
pub fn moment_on(day: NaiveDate, dice: &mut Dice) -> NaiveDateTime {
    day.and_time(NaiveTime::MIN) + time_of_day(dice)
}

/// How much happens on this day, in a thousandth of a Monday: Saturdays are strong, Sundays weak, and no two weeks
/// are the same.
pub fn weight_of_day(day: NaiveDate, dice: &mut Dice) -> u64 {
    let usual = match day.weekday() {
        Weekday::Mon | Weekday::Tue => 1000,
        Weekday::Wed | Weekday::Thu => 1080,
        Weekday::Fri => 1250,
        Weekday::Sat => 1180,
        Weekday::Sun => 560,
    };
    usual * (850 + dice.below(300)) / 1000
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn mornings_are_busy_and_nights_are_not() {
        let mut dice = Dice::of(1, 1);
        let times: Vec<i64> = (0..10_000).map(|_| time_of_day(&mut dice).num_hours()).collect();
        let between = |from, to| times.iter().filter(|hour| (from..to).contains(*hour)).count();
        assert!(between(7, 10) > 2_000 && between(0, 5) < 60 && between(24, 99) == 0);
    }

    #[test]
    fn sundays_are_quiet() {
        let mut dice = Dice::of(1, 1);
        let sunday = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        assert!(weight_of_day(sunday, &mut dice) < weight_of_day(sunday.pred_opt().unwrap(), &mut dice));
    }
}
