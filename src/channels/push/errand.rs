//! What a push message needs to know beside what it carries, looked up at the moment of sending.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::Subscription;
use crate::channels::transport::Outgoing;
use crate::db::Kept;
use crate::ids::MemberId;
use crate::schema::setting;

/// Push services keep a message for four weeks at most.
const MAX_TTL: i64 = 28 * 24 * 60 * 60;
/// For what has no end of its own.
const DAY: i64 = 24 * 60 * 60;

/// Where it goes, for how long, and what a press on it opens.
pub(super) struct Errand {
    /// All of the member's.
    pub devices: Vec<Subscription>,
    /// Seconds for which it is worth delivering.
    pub ttl: i64,
    /// A path of ours.
    pub path: String,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<BigInt>)]
    campaign_id: Option<i64>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    until: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    test: Option<String>,
}

/// Where links in messages lead.
pub(super) fn public_url(conn: &mut PgConnection) -> QueryResult<String> {
    setting::table.select(setting::public_url).first(conn)
}

impl Errand {
    pub fn load(conn: &mut PgConnection, message: &Outgoing, now: DateTime<Utc>) -> QueryResult<Self> {
        let row: Option<Row> = Kept(
            sql_query(
                "SELECT message.campaign_id, coalesce(least(delivery.expires_at, campaign.ends_at), test_send.ends_at) AS until,
                   test_send.token AS test
                 FROM message LEFT JOIN campaign ON campaign.id = message.campaign_id
                   LEFT JOIN delivery ON delivery.member_id = message.member_id AND delivery.campaign_id = message.campaign_id
                   LEFT JOIN test_send ON test_send.message_id = message.id
                 WHERE message.id = $1",
            )
            .bind::<BigInt, _>(message.id),
        )
        .get_result(conn)
        .optional()?;
        let (path, until) = row.map_or((None, None), |row| (row.path(), row.until));
        // the coupon itself, rather than where the link of all leads
        let link = path.or_else(|| message.link.as_deref().map(path_of));
        let left = until.map_or(DAY, |until| (until - now).num_seconds());
        Ok(Self {
            devices: Subscription::of_member(conn, message.member.unwrap_or(MemberId(0)))?,
            ttl: left.clamp(0, MAX_TTL),
            path: link.unwrap_or_else(|| "/app/coupons".to_owned()),
        })
    }
}

impl Row {
    fn path(&self) -> Option<String> {
        let coupon = self.campaign_id.map(|id| format!("/app/coupons/{id}"));
        coupon.or_else(|| self.test.as_deref().map(crate::app::test_coupon::path))
    }
}

/// An address of ours without our host, which a device knows.
pub(super) fn path_of(address: &str) -> String {
    let path = address.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| rest[at..].to_owned()));
    path.unwrap_or_else(|| address.to_owned())
}
