//! When things happened: on busy days more than on quiet ones, when shops are open.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::seed::{Dice, dice::running_totals, rhythm};
use crate::web::period::{day_of, first_moment, instant_of};

/// How far back the story goes.
const DAYS: u64 = 1100;

/// The days up to now, and how much happened on each.
pub struct Calendar {
    /// Now.
    pub now: DateTime<Utc>,
    zone: Tz,
    today: NaiveDate,
    /// Running totals, the oldest day first.
    totals: Vec<u64>,
}

impl Calendar {
    /// Up to now.
    pub fn until(now: DateTime<Utc>, zone: Tz) -> Self {
        let today = day_of(now, zone);
        let mut dice = Dice::of(4, 4);
        let totals =
            running_totals((0..=DAYS).rev().map(|back| rhythm::weight_of_day(today - Days::new(back), &mut dice)));
        Self { now, zone, today, totals }
    }

    /// The first moment of a day so many days from today; before, where negative.
    pub fn day(&self, from_today: i64) -> DateTime<Utc> {
        first_moment(self.date(from_today), self.zone)
    }

    /// A time of the day so many days from today.
    pub fn at(&self, from_today: i64, hour: u32, minute: u32) -> DateTime<Utc> {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN);
        instant_of(self.date(from_today).and_time(time), self.zone)
    }

    fn date(&self, from_today: i64) -> NaiveDate {
        let far = Days::new(from_today.unsigned_abs());
        if from_today < 0 { self.today - far } else { self.today + far }
    }

    /// The moment, or eight in the morning where it lies before that.
    pub fn after_night(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let morning = NaiveTime::from_hms_opt(8, 0, 0).unwrap_or(NaiveTime::MIN);
        at.max(instant_of(day_of(at, self.zone).and_time(morning), self.zone))
    }

    /// The year, for codes that name it.
    pub fn year(&self) -> String {
        self.today.format("%Y").to_string()
    }

    /// A moment between, and before now; `from` where there is nothing between.
    pub fn between(&self, from: DateTime<Utc>, to: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
        let to = to.min(self.now);
        if to <= from {
            return from;
        }
        (0..64).map(|_| self.moment(from, to, dice)).find(|at| (from..to).contains(at)).unwrap_or_else(|| {
            from + Duration::microseconds(dice.between(0, (to - from).num_microseconds().unwrap_or(0) - 1))
        })
    }

    fn moment(&self, from: DateTime<Utc>, to: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
        let place = |at: DateTime<Utc>| {
            let back = (self.today - day_of(at, self.zone)).num_days().clamp(0, DAYS.cast_signed());
            self.totals.len() - 1 - usize::try_from(back).unwrap_or(0)
        };
        let before = place(from).checked_sub(1).map_or(0, |place| self.totals[place]);
        let thrown = before + dice.below(self.totals[place(to)] - before);
        let day = self.totals.partition_point(|total| *total <= thrown);
        let back = (self.totals.len() - 1 - day) as u64;
        let local = rhythm::moment_on(self.today - Days::new(back), dice);
        self.zone.from_local_datetime(&local).earliest().map_or(from, |at| at.to_utc())
    }
}
