//! Limits that hold over all servers, where guessing pays: counted in the database.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use crate::db::Kept;
use crate::schema::throttle;

/// So many tries in a window that begins with the first.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Tries allowed in a window.
    pub tries: i32,
    /// Length of the window.
    pub window: Duration,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = Integer)]
    count: i32,
}

impl Limit {
    /// Seconds until this key may try again; none: it may now. Counts nothing.
    pub fn wait(&self, conn: &mut PgConnection, key: &str, now: DateTime<Utc>) -> QueryResult<Option<i64>> {
        let until: Option<DateTime<Utc>> = throttle::table
            .filter(throttle::key.eq(key).and(throttle::count.ge(self.tries)).and(throttle::window_ends_at.gt(now)))
            .select(throttle::window_ends_at)
            .first(conn)
            .optional()?;
        Ok(until.map(|until| (until - now).num_seconds().max(1)))
    }

    /// Counts a try and returns how many there were in this window.
    pub fn count(&self, conn: &mut PgConnection, key: &str, now: DateTime<Utc>) -> QueryResult<i32> {
        Kept(
            sql_query(
                "INSERT INTO throttle AS t (key, window_ends_at, count) VALUES ($1, $2, 1)
             ON CONFLICT (key) DO UPDATE SET
               count = CASE WHEN t.window_ends_at > $3 THEN t.count + 1 ELSE 1 END,
               window_ends_at = CASE WHEN t.window_ends_at > $3 THEN t.window_ends_at ELSE excluded.window_ends_at END
             RETURNING count",
            )
            .bind::<Text, _>(key)
            .bind::<Timestamptz, _>(now + self.window)
            .bind::<Timestamptz, _>(now),
        )
        .get_result::<CountRow>(conn)
        .map(|row| row.count)
    }

    /// Forgets the tries of a key, after a success.
    pub fn forget(conn: &mut PgConnection, key: &str) -> QueryResult<()> {
        diesel::delete(throttle::table.find(key)).execute(conn).map(|_| ())
    }
}
