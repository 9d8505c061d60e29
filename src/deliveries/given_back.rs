//! What was withdrawn when a member left, and is unused, is theirs again when they come back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Timestamptz};

use super::issue::LEFT;
use super::plan::Plan;
use super::receivers::{decisions, instant};
use super::skip::Skip;
use super::terms::Terms;
use crate::campaigns::audience_sql::Bounds;
use crate::ids::MemberId;

/// Gives it back to a receiver; a message that was stopped waits for its turn again.
pub(super) fn give(
    conn: &mut PgConnection,
    plan: &Plan,
    terms: &Terms,
    member: MemberId,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let id = plan.id;
    let given = sql_query(format!(
        "UPDATE delivery SET withdrawn_at = NULL, reason = CASE WHEN skipped_at IS NOT NULL THEN '{}' END
         WHERE member_id = {member} AND campaign_id = {id} AND withdrawn_at IS NOT NULL AND validated_at IS NULL
           AND reason = '{LEFT}' AND EXISTS ({})",
        Skip::NoCode.key(),
        terms.audience.receivers_sql(Bounds::one(member))
    ))
    .execute(conn)?;
    if given == 0 || plan.told_by().is_none() {
        return Ok(());
    }
    sql_query(format!(
        "UPDATE message SET state = 'queued', moved_at = $2, next_attempt_at = coalesce(decided.next, {})
         FROM ({}) AS decided
         WHERE message.member_id = $1 AND message.campaign_id = {id} AND message.state = 'withdrawn' AND purpose = 'coupon'",
        instant(now),
        decisions(plan, terms, Bounds::one(member), now)
    ))
    .bind::<BigInt, _>(member)
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}
