//! Queued messages that must not go out.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Timestamptz};

use crate::ids::MemberId;

/// What waits for this member of these campaigns is withdrawn.
pub(super) fn withdraw(
    conn: &mut PgConnection,
    member: MemberId,
    campaigns: &[i64],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    if campaigns.is_empty() {
        return Ok(());
    }
    sql_query(
        "UPDATE message SET state = 'withdrawn', moved_at = $3
         WHERE member_id = $1 AND campaign_id = ANY($2) AND state = 'queued' AND purpose IN ('coupon', 'reminder')",
    )
    .bind::<BigInt, _>(member)
    .bind::<Array<BigInt>, _>(campaigns)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}
