//! How a group grew: joined and left per day, and how those who are in it joined.

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamptz};

use crate::ids::GroupId;
use crate::web::filters::grouped;
use crate::web::period::{day_of, first_moment};

/// Days shown.
const DAYS: u64 = 90;

/// One day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    pub day: NaiveDate,
    pub joined: i64,
    pub left: i64,
}

#[derive(QueryableByName)]
struct BucketRow {
    #[diesel(sql_type = Integer)]
    bucket: i32,
    #[diesel(sql_type = BigInt)]
    joined: i64,
    #[diesel(sql_type = BigInt)]
    gone: i64,
}

/// The last 90 days with today, oldest first; days are the organisation's.
pub fn per_day(conn: &mut PgConnection, group: GroupId, now: DateTime<Utc>, zone: Tz) -> QueryResult<Vec<DayCount>> {
    let today = day_of(now, zone);
    let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
    let mut days: Vec<DayCount> =
        first.iter_days().take_while(|day| *day <= today).map(|day| DayCount { day, joined: 0, left: 0 }).collect();
    let starts: Vec<DateTime<Utc>> = days.iter().map(|count| first_moment(count.day, zone)).collect();
    let found: Vec<BucketRow> = sql_query(
        "SELECT bucket, sum(joined)::bigint AS joined, sum(gone)::bigint AS gone FROM (
           SELECT width_bucket(joined_at, $2) AS bucket, 1 AS joined, 0 AS gone
           FROM membership WHERE group_id = $1 AND joined_at >= $3
           UNION ALL
           SELECT width_bucket(left_at, $2), 0, 1
           FROM membership WHERE group_id = $1 AND left_at >= $3) AS change
         GROUP BY bucket",
    )
    .bind::<BigInt, _>(group)
    .bind::<Array<Timestamptz>, _>(&starts)
    .bind::<Timestamptz, _>(first_moment(first, zone))
    .load(conn)?;
    for row in found {
        let place = usize::try_from(row.bucket - 1).unwrap_or(0);
        if let Some(count) = days.get_mut(place) {
            (count.joined, count.left) = (row.joined, row.gone);
        }
    }
    Ok(days)
}

/// One way in.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct SourceCount {
    #[diesel(sql_type = Text)]
    source: String,
    /// Members now in the group who came that way.
    #[diesel(sql_type = BigInt)]
    pub members: i64,
}

impl SourceCount {
    /// With thousands set apart.
    pub fn counted(&self) -> String {
        grouped(self.members)
    }

    /// In words.
    pub fn words(&self) -> &str {
        match self.source.as_str() {
            "app" => "By the switch in the app",
            "code" => "With a code",
            "support" => "Added by dashboard users",
            "import" => "By an import",
            "api" => "Through the API",
            "game" => "By a game",
            "survey" => "By a survey",
            other => other,
        }
    }
}

/// How the members now in the group joined, most first.
pub fn by_source(conn: &mut PgConnection, group: GroupId) -> QueryResult<Vec<SourceCount>> {
    sql_query(
        "SELECT source, count(*) AS members FROM membership
         WHERE group_id = $1 AND left_at IS NULL GROUP BY source ORDER BY members DESC, source",
    )
    .bind::<BigInt, _>(group)
    .load(conn)
}
