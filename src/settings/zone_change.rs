//! A changed time zone: groups start and stop on the same days as before.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz};

use crate::ids::GroupId;
use crate::schema::member_group;
use crate::web::period::{day_of, first_moment, is_first_moment};

type Moments = (GroupId, DateTime<Utc>, Option<DateTime<Utc>>);

/// Moves every start and stop that lies on a day's first moment in the old zone to that of the same day in the new
/// one; what lies within a day (**End now**) stays the moment it was. Days are told here, not in SQL, so that
/// changes of clocks at midnight count as everywhere else. Returns how many groups were moved.
pub fn keep_days(conn: &mut PgConnection, old: Tz, new: Tz) -> QueryResult<usize> {
    if old == new {
        return Ok(0);
    }
    let stored: Vec<Moments> = member_group::table
        .order(member_group::id)
        .select((member_group::id, member_group::starts_at, member_group::stops_at))
        .for_no_key_update()
        .load(conn)?;
    let moved = stored.into_iter().map(|group| keep(group, old, new));
    let (ids, (starts, stops)): (Vec<_>, (Vec<_>, Vec<_>)) = moved.map(|(id, start, stop)| (id, (start, stop))).unzip();
    sql_query(
        "UPDATE member_group SET starts_at = moved.starts_at, stops_at = moved.stops_at
         FROM unnest($1, $2, $3) AS moved (id, starts_at, stops_at)
         WHERE member_group.id = moved.id
           AND (member_group.starts_at, member_group.stops_at) IS DISTINCT FROM (moved.starts_at, moved.stops_at)",
    )
    .bind::<Array<BigInt>, _>(ids)
    .bind::<Array<Timestamptz>, _>(starts)
    .bind::<Array<Nullable<Timestamptz>>, _>(stops)
    .execute(conn)
}

fn keep((id, starts_at, stops_at): Moments, old: Tz, new: Tz) -> Moments {
    let same_day = |at: DateTime<Utc>| {
        if is_first_moment(at, old) { first_moment(day_of(at, old), new) } else { at }
    };
    let (start, stop) = (same_day(starts_at), stops_at.map(same_day));
    // a group that was ended in its first hours could otherwise stop before it starts
    (id, stop.map_or(start, |stop| start.min(stop)), stop)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use chrono_tz::{Africa::Cairo, America::New_York, Europe::Berlin};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_stay_and_moments_within_a_day_too() {
        let whole = (GroupId(1), at("2026-03-27T23:00:00Z"), Some(at("2026-03-29T22:00:00Z")));
        let moved = keep(whole, Berlin, New_York);
        assert_eq!(moved, (GroupId(1), at("2026-03-28T04:00:00Z"), Some(at("2026-03-30T04:00:00Z"))));
        assert_eq!(keep(moved, New_York, Berlin), whole);
        let ended = (GroupId(1), at("2026-03-27T23:00:00Z"), Some(at("2026-03-28T10:00:00Z")));
        assert_eq!(keep(ended, Berlin, New_York).2, ended.2);
    }

    #[test]
    fn a_day_without_a_midnight_begins_when_it_begins() {
        let group = (GroupId(1), at("2026-04-23T22:00:00Z"), None);
        assert_eq!(keep(group, Cairo, Berlin).1, at("2026-04-23T22:00:00Z"));
        assert_eq!(keep(group, Berlin, Cairo).1, at("2026-04-23T22:00:00Z"));
    }

    #[test]
    fn a_group_never_stops_before_it_starts() {
        let ended = (GroupId(1), at("2026-11-23T23:00:00Z"), Some(at("2026-11-23T23:30:00Z")));
        let (_, start, stop) = keep(ended, Berlin, New_York);
        assert_eq!(Some(start), stop);
    }
}
