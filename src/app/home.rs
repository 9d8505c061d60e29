//! Where the installed app starts.

use chrono::Duration;
use diesel::prelude::*;

use crate::db::Db;
use crate::error::AppError;
use crate::schema::member;
use crate::sessions::SignedInMember;
use crate::web::{MemberShell, PageResult, see_other};

/// `GET /app`: notes that the member was here, at most once an hour.
pub async fn index(shell: MemberShell, who: SignedInMember, db: Db) -> PageResult {
    let now = shell.now;
    db.write(move |conn| -> Result<_, AppError> {
        let stale = member::last_seen_at.is_null().or(member::last_seen_at.lt(now - Duration::hours(1)));
        diesel::update(member::table.find(who.id.0).filter(stale)).set(member::last_seen_at.eq(now)).execute(conn)?;
        Ok(())
    })
    .await?;
    see_other("/app/coupons")
}
