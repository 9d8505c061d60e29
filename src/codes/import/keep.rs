//! What imports leave behind is swept away.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::schema::{code_import, code_import_piece, code_import_row};

/// Rows removed at a time.
const CHUNK: i64 = 20_000;

/// Uploads that broke off; pieces and rows of what was cancelled; refused rows after a month.
pub fn sweep(conn: &mut PgConnection, now: DateTime<Utc>) -> QueryResult<()> {
    let broken = code_import::table
        .filter(code_import::uploaded_at.is_null().and(code_import::created_at.lt(now - Duration::hours(6))));
    diesel::delete(broken).execute(conn)?;
    let old = code_import::created_at.lt(now - Duration::days(30)).and(code_import::batch_id.is_null());
    diesel::delete(code_import::table.filter(old)).execute(conn)?;
    let over = code_import::table
        .filter(code_import::cancelled_at.is_not_null().or(code_import::created_at.lt(now - Duration::days(30))))
        .filter(
            code_import::batch_id
                .is_null()
                .or(code_import::applied_at.is_not_null())
                .or(code_import::cancelled_at.is_not_null()),
        )
        .select(code_import::id);
    diesel::delete(code_import_piece::table.filter(code_import_piece::import_id.eq_any(over))).execute(conn)?;
    let some = code_import_row::table
        .filter(code_import_row::import_id.eq_any(over))
        .limit(CHUNK)
        .select((code_import_row::import_id, code_import_row::line))
        .load::<(i64, i64)>(conn)?;
    let Some((import, _)) = some.first().copied() else { return Ok(()) };
    let lines = some.iter().filter(|row| row.0 == import).map(|row| row.1).collect::<Vec<_>>();
    diesel::delete(
        code_import_row::table.filter(code_import_row::import_id.eq(import).and(code_import_row::line.eq_any(lines))),
    )
    .execute(conn)
    .map(|_| ())
}
