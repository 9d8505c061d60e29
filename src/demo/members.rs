//! Two thousand guests, Mia among them.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Timestamptz};

use super::calendar::Calendar;
use crate::ids::MemberId;
use crate::schema::member;
use crate::seed::{Dice, People, Person};

/// With whom the member app is tried; a number that no network gives to anyone.
pub const MIA_PHONE: &str = "+491713920000";
/// Mia signs in with either.
pub const MIA_EMAIL: &str = "mia@example.com";

const COUNT: u64 = 2_000;
/// Mia's place among them.
pub const MIA: usize = 1_500;

/// A guest.
pub struct Guest {
    /// Key.
    pub id: MemberId,
    /// Who they are.
    pub person: Person,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Blocked then.
    pub blocked_at: Option<DateTime<Utc>>,
    last_seen_at: Option<DateTime<Utc>>,
}

impl Guest {
    /// The moment until which they do anything.
    pub fn active_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        self.blocked_at.unwrap_or(now)
    }
}

/// Makes and stores them, the longest-standing first.
pub fn insert(conn: &mut PgConnection, calendar: &Calendar) -> QueryResult<Vec<Guest>> {
    let mut guests: Vec<Guest> = (1..=COUNT).map(|number| guest(number, calendar)).collect();
    guests.sort_by_key(|guest| guest.since);
    guests[MIA] = Guest { person: mia(), blocked_at: None, ..guest(COUNT + 1, calendar) };
    guests[MIA].since = guests[MIA - 1].since + Duration::minutes(1);
    guests[MIA].last_seen_at = Some(calendar.at(-1, 17, 42));
    let mut ids = Vec::new();
    for some in guests.chunks(1_000) {
        let rows: Vec<_> = some
            .iter()
            .map(|guest| {
                (
                    member::name.eq(&guest.person.name),
                    member::phone.eq(&guest.person.phone),
                    member::email.eq(&guest.person.email),
                    member::sms_consent.eq(guest.person.sms_consent),
                    member::email_consent.eq(guest.person.email_consent),
                    member::push_consent.eq(guest.person.push_consent),
                    member::blocked_at.eq(guest.blocked_at),
                    member::blocked_reason.eq(guest.person.blocked),
                    member::created_at.eq(guest.since),
                    member::last_seen_at.eq(guest.last_seen_at),
                )
            })
            .collect();
        let stored: Vec<i64> =
            diesel::insert_into(member::table).values(rows).returning(member::id).get_results(conn)?;
        ids.extend(stored);
    }
    guests.iter_mut().zip(ids).for_each(|(guest, id)| guest.id = MemberId(id));
    consents(conn, &guests)?;
    Ok(guests)
}

fn guest(number: u64, calendar: &Calendar) -> Guest {
    let mut dice = Dice::of(22, number);
    // three years in which ever more came: the square root of an even throw
    let back = 1050 - i64::try_from((dice.below(1_100_000)).isqrt()).unwrap_or(0);
    let since = calendar.between(calendar.day(-back.max(0)), calendar.day(1 - back.max(0)), &mut dice);
    let person = People { seed: 2026 }.person(number);
    Guest {
        id: MemberId(0),
        blocked_at: person.blocked.map(|_| calendar.between(since.max(calendar.day(-40)), calendar.now, &mut dice)),
        last_seen_at: dice.chance(820).then(|| calendar.between(since.max(calendar.day(-60)), calendar.now, &mut dice)),
        person,
        since,
    }
}

fn mia() -> Person {
    Person {
        name: "Mia Sommer".to_owned(),
        phone: Some(MIA_PHONE.to_owned()),
        email: Some(MIA_EMAIL.to_owned()),
        sms_consent: true,
        email_consent: true,
        push_consent: true,
        blocked: None,
    }
}

/// Each consent was given when the guest became a member.
fn consents(conn: &mut PgConnection, guests: &[Guest]) -> QueryResult<()> {
    let of = |has: fn(&Person) -> bool| guests.iter().map(|guest| has(&guest.person)).collect::<Vec<bool>>();
    diesel::sql_query(
        "INSERT INTO member_consent (member_id, channel, at, granted, source)
         SELECT id, channel, since, true, 'app'
         FROM unnest($1, $2, $3, $4, $5) AS guest (id, since, sms, email, push)
         CROSS JOIN LATERAL (VALUES ('sms', sms), ('email', email), ('push', push)) AS consent (channel, given)
         WHERE given",
    )
    .bind::<Array<BigInt>, _>(guests.iter().map(|guest| guest.id.0).collect::<Vec<_>>())
    .bind::<Array<Timestamptz>, _>(guests.iter().map(|guest| guest.since).collect::<Vec<_>>())
    .bind::<Array<Bool>, _>(of(|person| person.sms_consent))
    .bind::<Array<Bool>, _>(of(|person| person.email_consent))
    .bind::<Array<Bool>, _>(of(|person| person.push_consent))
    .execute(conn)
    .map(|_| ())
}
