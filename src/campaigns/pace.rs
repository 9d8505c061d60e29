//! How quickly a campaign's messages go: the worker notes now and then how many are done with, the page compares.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Timestamptz;

use crate::ids::CampaignId;
use crate::schema::sending_sample;

/// What counts as the last minutes.
const LATELY: Duration = Duration::minutes(5);
/// Less says nothing.
const SHORTEST: Duration = Duration::seconds(5);

/// Notes where each campaign that is being sent stands, at most every ten seconds for each, whoever asks; forgets what
/// is older than an hour. Cheap: the counts are there.
pub fn note(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    sql_query(
        "WITH old AS (DELETE FROM sending_sample WHERE at < $1 - interval '1 hour')
         INSERT INTO sending_sample (campaign_id, at, done)
           SELECT campaign_id, $1, coalesce(sum(change) FILTER (WHERE state NOT IN ('queued', 'skipped')), 0)
           FROM delivery_count AS counted
           WHERE campaign_id IN (SELECT id FROM campaign WHERE published_at IS NOT NULL AND cancelled_at IS NULL
               AND ends_at > $1 AND channel IN ('sms', 'email'))
             AND NOT EXISTS (SELECT FROM sending_sample AS sample
               WHERE sample.campaign_id = counted.campaign_id AND sample.at > $1 - interval '10 seconds')
           GROUP BY campaign_id HAVING sum(change) FILTER (WHERE state = 'queued') > 0
         ON CONFLICT DO NOTHING",
    )
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}

/// Messages a minute over the last minutes, when so many are done with now. None: nobody has looked long enough.
pub fn per_minute(conn: &mut PgConnection, id: CampaignId, done: i64, now: DateTime<Utc>) -> QueryResult<Option<i64>> {
    let first: Option<(DateTime<Utc>, i64)> = sending_sample::table
        .filter(sending_sample::campaign_id.eq(id.0).and(sending_sample::at.ge(now - LATELY)))
        .order(sending_sample::at)
        .select((sending_sample::at, sending_sample::done))
        .first(conn)
        .optional()?;
    Ok(first.and_then(|(at, then)| rate(done - then, now - at)))
}

fn rate(done: i64, span: Duration) -> Option<i64> {
    (span >= SHORTEST).then(|| done.max(0).saturating_mul(60_000) / span.num_milliseconds().max(1))
}

/// How long the rest will take; none while nothing moves.
pub fn time_left(queued: i64, per_minute: Option<i64>) -> Option<Duration> {
    let rate = per_minute.filter(|rate| *rate > 0)?;
    Some(Duration::minutes((queued + rate - 1) / rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_of_the_last_minutes_tells_how_long_it_takes() {
        assert_eq!(rate(500, Duration::seconds(30)), Some(1000));
        assert_eq!(rate(500, Duration::seconds(2)), None);
        assert_eq!(rate(-3, Duration::seconds(60)), Some(0));
        assert_eq!(time_left(5000, Some(1000)), Some(Duration::minutes(5)));
        assert_eq!(time_left(1, Some(1000)), Some(Duration::minutes(1)));
        assert_eq!(time_left(5000, Some(0)), None);
    }
}
