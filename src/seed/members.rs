//! Members by COPY, and since when they have been there.

use std::io::Write;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use diesel::pg::CopyFormat;
use diesel::prelude::*;

use super::copy::Rows;
use super::dice::Dice;
use super::group::{DAYS, before};
use super::person::People;
use super::plan::{Plan, SeedError};
use super::rhythm;
use crate::schema::member;
use crate::web::period::first_moment;

/// When members joined the programme: slowly at first, then more and more.
#[derive(Debug, Clone, Copy)]
pub struct Timeline {
    /// The first member came then.
    pub since: DateTime<Utc>,
    /// Everything happened before.
    pub until: DateTime<Utc>,
    members: u64,
    seed: u64,
}

impl Timeline {
    /// Of a plan.
    pub fn of(plan: &Plan, zone: Tz) -> Self {
        Self {
            since: first_moment(before(plan.until, DAYS.cast_signed()), zone),
            until: first_moment(plan.until, zone),
            members: plan.members,
            seed: plan.seed,
        }
    }

    /// When the member of this number, from 1, joined.
    pub fn created(&self, number: u64) -> DateTime<Utc> {
        // twice as many members after 1.4 times as long: the share of the time is the root of the share of members
        let share = (u128::from(number) << 64) / u128::from(self.members.max(1) + 1);
        let days = (DAYS as u128 * share.isqrt()) >> 32;
        let day = self.since + Duration::days(i64::try_from(days).unwrap_or(0));
        let mut dice = Dice::of(self.seed ^ 0x7133, number);
        (day + rhythm::time_of_day(&mut dice)).clamp(self.since, self.until - Duration::hours(2))
    }
}

/// Streams all members of a plan into the table.
pub fn copy(conn: &mut PgConnection, plan: &Plan, timeline: Timeline) -> Result<(), SeedError> {
    let columns = (
        member::id,
        member::name,
        member::phone,
        member::email,
        member::sms_consent,
        member::email_consent,
        member::push_consent,
        member::blocked_at,
        member::blocked_reason,
        member::created_at,
        member::last_seen_at,
    );
    diesel::copy_from(member::table)
        .from_raw_data(columns, |out| write(out, plan, timeline))
        .with_format(CopyFormat::Binary)
        .execute(conn)?;
    Ok(())
}

fn write(out: &mut dyn Write, plan: &Plan, timeline: Timeline) -> Result<(), SeedError> {
    let people = People { seed: plan.seed };
    let mut rows = Rows::begin(out);
    for number in 1..=plan.members {
        let person = people.person(number);
        let created = timeline.created(number);
        let mut dice = Dice::of(plan.seed ^ 0x5EE, number);
        let since = |dice: &mut Dice| super::stays::moment_between(created, timeline.until, dice);
        rows.row(11)?;
        rows.bigint(number.cast_signed());
        rows.text(&person.name);
        rows.text_or_null(person.phone.as_deref());
        rows.text_or_null(person.email.as_deref());
        rows.boolean(person.sms_consent);
        rows.boolean(person.email_consent);
        rows.boolean(person.push_consent);
        rows.moment_or_null(person.blocked.map(|_| since(&mut dice)));
        rows.text_or_null(person.blocked);
        rows.moment(created);
        rows.moment_or_null(dice.chance(780).then(|| since(&mut dice)));
    }
    Ok(rows.end()?)
}
