//! How a campaign does, counted from its deliveries and validations.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::Channel;
use crate::ids::{CampaignId, GroupId};

/// From issued to used.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Funnel {
    /// Members who were issued it.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// To whom its message went out.
    #[diesel(sql_type = BigInt)]
    pub sent: i64,
    /// Who opened it.
    #[diesel(sql_type = BigInt)]
    pub seen: i64,
    /// Who used it.
    #[diesel(sql_type = BigInt)]
    pub validated: i64,
    /// Taken back before it was used.
    #[diesel(sql_type = BigInt)]
    pub withdrawn: i64,
    /// Whose message could not be sent.
    #[diesel(sql_type = BigInt)]
    pub failed: i64,
    /// Uses, of members and of whom nobody knows.
    #[diesel(sql_type = BigInt)]
    pub uses: i64,
}

impl Funnel {
    /// The numbers that a channel has, in their order; `receivers` are those it is for now.
    pub fn steps(&self, channel: Channel, receivers: i64) -> Vec<(&'static str, i64)> {
        match channel {
            Channel::Code => vec![("Validated", self.uses)],
            Channel::App => vec![
                ("Receivers", receivers),
                ("Issued", self.issued),
                ("Seen", self.seen),
                ("Validated", self.validated),
            ],
            Channel::Sms | Channel::Email => {
                vec![
                    ("Receivers", receivers),
                    ("Issued", self.issued),
                    ("Sent", self.sent),
                    ("Seen", self.seen),
                    ("Validated", self.validated),
                ]
            }
        }
    }
}

/// Counts the funnel.
pub fn funnel(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Funnel> {
    sql_query(
        "SELECT count(*) AS issued, count(sent_at) AS sent, count(*) FILTER (WHERE coalesce(seen_at, validated_at) IS NOT NULL) AS seen,
           count(validated_at) AS validated, count(withdrawn_at) AS withdrawn, count(failed_at) AS failed,
           (SELECT coalesce(sum(validated), 0)::bigint FROM campaign_count WHERE campaign_id = $1) AS uses
         FROM delivery WHERE campaign_id = $1",
    )
    .bind::<BigInt, _>(id)
    .get_result(conn)
}

/// A day of the chart.
#[derive(Debug, Clone, QueryableByName)]
pub struct DayRow {
    /// In the organisation's zone.
    #[diesel(sql_type = Date)]
    pub day: NaiveDate,
    /// Issued on this day.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// Uses on this day.
    #[diesel(sql_type = BigInt)]
    pub validated: i64,
}

/// Every day from the first on which something happened, at most the last 90.
pub fn per_day(conn: &mut PgConnection, id: CampaignId, now: DateTime<Utc>, zone: Tz) -> QueryResult<Vec<DayRow>> {
    sql_query(
        "WITH issued AS (SELECT (issued_at AT TIME ZONE $2)::date AS day, count(*) AS n FROM delivery
                         WHERE campaign_id = $1 GROUP BY 1),
              used AS (SELECT (at AT TIME ZONE $2)::date AS day, count(*) AS n FROM validation
                       WHERE campaign_id = $1 AND reversed_at IS NULL GROUP BY 1),
              span AS (SELECT min(day) AS first, max(day) AS last FROM (SELECT day FROM issued UNION ALL SELECT day FROM used) AS days)
         SELECT on_day::date AS day, coalesce(issued.n, 0) AS issued, coalesce(used.n, 0) AS validated
         FROM span, generate_series(greatest(span.first, ($3 AT TIME ZONE $2)::date - 89), span.last, interval '1 day') AS series (on_day)
         LEFT JOIN issued ON issued.day = on_day::date LEFT JOIN used ON used.day = on_day::date ORDER BY 1",
    )
    .bind::<BigInt, _>(id)
    .bind::<Text, _>(zone.name())
    .bind::<Timestamptz, _>(now)
    .load(conn)
}

/// What an included group had of it.
#[derive(Debug, Clone, QueryableByName)]
pub struct GroupRow {
    /// Which.
    #[diesel(sql_type = BigInt)]
    pub id: GroupId,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Issued to members who were in it then.
    #[diesel(sql_type = BigInt)]
    pub issued: i64,
    /// Of those, used.
    #[diesel(sql_type = BigInt)]
    pub validated: i64,
}

impl GroupRow {
    /// The group's page.
    pub fn path(&self) -> String {
        format!("/settings/user-groups/{}", self.id)
    }
}

/// Each included group; a member of two counts in both.
pub fn per_group(conn: &mut PgConnection, id: CampaignId) -> QueryResult<Vec<GroupRow>> {
    sql_query(
        "SELECT g.id, g.name, count(d.member_id) AS issued, count(d.validated_at) AS validated
         FROM campaign_group AS c
         JOIN member_group AS g ON g.id = c.group_id
         LEFT JOIN (membership AS m JOIN delivery AS d ON d.member_id = m.member_id AND d.campaign_id = $1
                      AND m.joined_at <= d.issued_at AND (m.left_at IS NULL OR m.left_at > d.issued_at))
           ON m.group_id = g.id
         WHERE c.campaign_id = $1 AND c.included GROUP BY g.id, g.name ORDER BY lower(g.name), g.id",
    )
    .bind::<BigInt, _>(id)
    .load(conn)
}
