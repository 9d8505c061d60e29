//! What the list tells of each webhook beside itself.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use crate::web::filters::grouped;
use crate::webhooks::Webhook;

/// Counted up to here; more are "more than".
const MOST: i64 = 10_000;

/// How many deliveries wait, and how many were given up.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Counts {
    #[diesel(sql_type = BigInt)]
    waiting: i64,
    #[diesel(sql_type = BigInt)]
    failed: i64,
}

/// A line of the list.
pub struct Line {
    /// The webhook.
    pub hook: Webhook,
    /// Of its deliveries.
    pub counts: Counts,
}

impl Line {
    /// All.
    pub fn all(conn: &mut PgConnection) -> QueryResult<Vec<Self>> {
        let hooks = Webhook::all(conn)?;
        hooks.into_iter().map(|hook| Ok(Self { counts: Counts::of(conn, hook.id)?, hook })).collect()
    }
}

impl Counts {
    /// Of this webhook.
    pub fn of(conn: &mut PgConnection, webhook: i64) -> QueryResult<Self> {
        sql_query(
            "SELECT
               (SELECT count(*) FROM (SELECT FROM webhook_delivery WHERE webhook_id = $1 AND state IN ('queued', 'sending') LIMIT $2) AS few) AS waiting,
               (SELECT count(*) FROM (SELECT FROM webhook_delivery WHERE webhook_id = $1 AND state = 'failed' LIMIT $2) AS few) AS failed",
        )
        .bind::<BigInt, _>(webhook)
        .bind::<BigInt, _>(MOST + 1)
        .get_result(conn)
    }

    /// "12", "more than 10,000".
    pub fn waiting(&self) -> String {
        up_to_most(self.waiting)
    }

    /// The same of those given up.
    pub fn failed(&self) -> String {
        up_to_most(self.failed)
    }
}

fn up_to_most(count: i64) -> String {
    if count > MOST { format!("more than {}", grouped(MOST)) } else { grouped(count) }
}
