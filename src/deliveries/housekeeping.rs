//! What piles up is folded or swept away.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;

use crate::api::app::token;
use crate::api::idempotency;
use crate::schema::{invitation, message, password_reset, session, sign_in_code, throttle};

/// Makes one row of the many that joins, issues and sending have added. Rows taken by another worker at the same
/// time are gone for us, so nothing is counted twice.
pub fn fold_counts(conn: &mut PgConnection) -> QueryResult<()> {
    sql_query(
        "WITH busy AS (SELECT group_id FROM member_group_count GROUP BY group_id HAVING count(*) > 1),
              gone AS (DELETE FROM member_group_count WHERE group_id IN (SELECT group_id FROM busy) RETURNING group_id, change)
         INSERT INTO member_group_count (group_id, change) SELECT group_id, sum(change) FROM gone GROUP BY group_id",
    )
    .execute(conn)?;
    for (table, keys, counts) in [
        ("campaign_count", "campaign_id", "validated"),
        ("delivery_count", "campaign_id, state, reason, sent, seen, through", "change"),
        ("delivery_day_count", "campaign_id, event, day", "change"),
    ] {
        sql_query(format!(
            "WITH busy AS (SELECT DISTINCT campaign_id FROM (SELECT campaign_id FROM {table} GROUP BY {keys} HAVING count(*) > 1) AS many),
                  gone AS (DELETE FROM {table} WHERE campaign_id IN (SELECT campaign_id FROM busy) RETURNING *)
             INSERT INTO {table} ({keys}, {counts})
               SELECT {keys}, sum({counts}) FROM gone GROUP BY {keys} HAVING sum({counts}) <> 0"
        ))
        .execute(conn)?;
    }
    Ok(())
}

/// Forgets sessions, throttles, sign-in codes and links that are over.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    idempotency::sweep(conn, now)?;
    token::sweep(conn, now)?;
    diesel::delete(session::table.filter(session::expires_at.lt(now))).execute(conn)?;
    diesel::delete(throttle::table.filter(throttle::window_ends_at.lt(now - Duration::hours(1)))).execute(conn)?;
    diesel::delete(sign_in_code::table.filter(sign_in_code::expires_at.lt(now - Duration::days(1)))).execute(conn)?;
    forget_old_links(conn, now)
}

/// Links that are too old are of no use to anyone: what the messages with them said goes too.
fn forget_old_links(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::delete(password_reset::table.filter(password_reset::expires_at.le(now))).execute(conn)?;
    let over = invitation::table.filter(invitation::expires_at.le(now)).select(invitation::token_hash.nullable());
    let told = message::table.filter(message::link_hash.eq_any(over).and(message::state.ne("sending")));
    diesel::update(told).set(message::link_hash.eq(None::<Vec<u8>>)).execute(conn).map(|_| ())
}
