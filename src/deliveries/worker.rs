//! What is done outside requests: issuing, making codes, keeping house. Any number of workers may run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::{PgConnection, RunQueryDsl, sql_query};

use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;

/// Works until told to stop; looks for work every second.
pub fn run(db: &Db, clock: &Clock, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        let worked = db.blocking(|conn| run_once(conn, clock.now()));
        if !matches!(worked, Ok(true)) {
            // woken early only by the end
            for _ in 0..5 {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        }
    }
}

/// One round; true if there was something to do and there may be more.
pub fn run_once(conn: &mut PgConnection, _now: DateTime<Utc>) -> Result<bool, AppError> {
    fold_counts(conn)?;
    Ok(false)
}

/// Makes one row of the many that joins and issues have added. Rows taken by another worker at the same
/// time are gone for us, so nothing is counted twice.
fn fold_counts(conn: &mut PgConnection) -> Result<(), AppError> {
    sql_query(
        "WITH busy AS (SELECT group_id FROM member_group_count GROUP BY group_id HAVING count(*) > 1),
              gone AS (DELETE FROM member_group_count WHERE group_id IN (SELECT group_id FROM busy) RETURNING group_id, change)
         INSERT INTO member_group_count (group_id, change) SELECT group_id, sum(change) FROM gone GROUP BY group_id",
    )
    .execute(conn)?;
    sql_query(
        "WITH busy AS (SELECT campaign_id FROM campaign_count GROUP BY campaign_id HAVING count(*) > 1),
              gone AS (DELETE FROM campaign_count WHERE campaign_id IN (SELECT campaign_id FROM busy) RETURNING *)
         INSERT INTO campaign_count (campaign_id, issued, validated)
           SELECT campaign_id, sum(issued), sum(validated) FROM gone GROUP BY campaign_id",
    )
    .execute(conn)?;
    Ok(())
}
