//! What happened on each day of a campaign.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::Channel;
use crate::db::Kept;
use crate::ids::CampaignId;

/// A day of the chart.
#[derive(Debug, Clone, QueryableByName)]
pub struct DayRow {
    /// In the organisation's zone.
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    /// Issued on this day.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// Messages that went out on this day.
    #[diesel(sql_type = BigInt)]
    pub sent: i64,
    /// Seen for the first time on this day.
    #[diesel(sql_type = BigInt)]
    pub seen: i64,
    /// Used on this day.
    #[diesel(sql_type = BigInt)]
    pub validated: i64,
}

/// A chart's line: its name, and the place of its colour.
pub type Series = (&'static str, u8);

/// The lines that a channel has, as in its funnel.
pub fn series(channel: Channel) -> &'static [Series] {
    match channel {
        Channel::Code => &[("Validated", 3)],
        Channel::App => &[("Issued", 1), ("Seen", 4), ("Validated", 3)],
        Channel::Sms | Channel::Email => &[("Issued", 1), ("Sent", 2), ("Seen", 4), ("Validated", 3)],
    }
}

impl DayRow {
    /// The numbers of `series`, in its order.
    pub fn numbers(&self, channel: Channel) -> Vec<i64> {
        match channel {
            Channel::Code => vec![self.validated],
            Channel::App => vec![self.issued, self.seen, self.validated],
            Channel::Sms | Channel::Email => vec![self.issued, self.sent, self.seen, self.validated],
        }
    }
}

/// Days with no change are not among the counts.
const COUNTED: &str = "SELECT event, day, sum(change) AS n FROM delivery_day_count WHERE campaign_id = $1 GROUP BY 1, 2 HAVING sum(change) <> 0";
/// A Code coupon has no deliveries: its uses are all there is.
const USES: &str = "SELECT 'validated' AS event, (at AT TIME ZONE $2)::date AS day, count(*) AS n FROM validation
    WHERE campaign_id = $1 AND reversed_at IS NULL GROUP BY 2";

/// Every day from the first on which something happened, at most the last 90.
pub fn per_day(
    conn: &mut PgConnection,
    id: CampaignId,
    channel: Channel,
    now: DateTime<Utc>,
    zone: Tz,
) -> QueryResult<Vec<DayRow>> {
    let source = if channel == Channel::Code { USES } else { COUNTED };
    let query = sql_query(format!(
        "WITH counted AS MATERIALIZED ({source}),
              span AS (SELECT min(day) AS first, max(day) AS last FROM counted)
         SELECT on_day::date AS day, coalesce(sum(n) FILTER (WHERE event = 'issued'), 0)::bigint AS issued,
           coalesce(sum(n) FILTER (WHERE event = 'sent'), 0)::bigint AS sent,
           coalesce(sum(n) FILTER (WHERE event = 'seen'), 0)::bigint AS seen,
           coalesce(sum(n) FILTER (WHERE event = 'validated'), 0)::bigint AS validated
         FROM span, generate_series(greatest(span.first, ($3 AT TIME ZONE $2)::date - 89), span.last, interval '1 day') AS series (on_day)
         LEFT JOIN counted ON day = on_day::date GROUP BY 1 ORDER BY 1"
    ))
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(zone.name())
    .bind::<Timestamptz, _>(now);
    Kept(query).load(conn)
}

/// Uses of its codes, of members and of whom nobody knows.
pub fn uses(conn: &mut PgConnection, id: CampaignId) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct UsesRow {
        #[diesel(sql_type = BigInt)]
        uses: i64,
    }
    let query =
        sql_query("SELECT coalesce(sum(validated), 0)::bigint AS uses FROM campaign_count WHERE campaign_id = $1");
    Kept(query.bind::<BigInt, _>(id)).get_result::<UsesRow>(conn).map(|row| row.uses)
}
