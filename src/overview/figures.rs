//! Numbers of the start page: sums of counters and narrow index ranges, never a count of all members.

use crate::web::filters::grouped;
use chrono::{DateTime, Days, Utc};
use diesel::sql_types::{BigInt, Timestamptz};
use diesel::{PgConnection, QueryResult, QueryableByName, RunQueryDsl, sql_query};

/// How the programme stands now.
#[derive(QueryableByName)]
pub struct Figures {
    #[diesel(sql_type = BigInt)]
    pub members: i64,
    #[diesel(sql_type = BigInt)]
    pub active_groups: i64,
    #[diesel(sql_type = BigInt)]
    pub live_campaigns: i64,
    /// In the last seven days, without those that were reversed.
    #[diesel(sql_type = BigInt)]
    pub validations: i64,
}

impl Figures {
    /// A number as shown.
    pub fn shown(&self, number: &i64) -> String {
        grouped(*number)
    }
}

/// All in one round trip.
pub fn load(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<Figures> {
    let week_ago = now.checked_sub_days(Days::new(7)).unwrap_or(now);
    sql_query(
        "SELECT (SELECT coalesce(sum(change), 0)::bigint FROM member_count) AS members,
                (SELECT count(*) FROM member_group
                 WHERE starts_at <= $1 AND (stops_at IS NULL OR stops_at > $1)) AS active_groups,
                (SELECT count(*) FROM campaign
                 WHERE published_at IS NOT NULL AND paused_at IS NULL AND cancelled_at IS NULL
                   AND starts_at <= $1 AND ends_at > $1) AS live_campaigns,
                (SELECT count(*) FROM campaign
                   JOIN validation ON campaign_id = campaign.id AND at >= $2 AND reversed_at IS NULL) AS validations",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<Timestamptz, _>(week_ago)
    .get_result(conn)
}
