//! The audience of a campaign becomes deliveries.

use chrono::{DateTime, Utc};
use diesel::{PgConnection, QueryResult};

use crate::ids::{GroupId, MemberId};

/// In the joining transaction, after the membership is stored: live campaigns that include this group and
/// take members who join later are issued to the member, unless they are excluded by another group.
pub fn on_join(
    _conn: &mut PgConnection,
    _member: MemberId,
    _groups: &[GroupId],
    _now: DateTime<Utc>,
) -> QueryResult<()> {
    Ok(())
}

/// In the leaving transaction, after the stay is closed: what is unused and came only through these groups
/// is withdrawn.
pub fn on_leave(
    _conn: &mut PgConnection,
    _member: MemberId,
    _groups: &[GroupId],
    _now: DateTime<Utc>,
) -> QueryResult<()> {
    Ok(())
}

/// In the transaction that adds a member: live campaigns for everyone that take members who join later are
/// issued to them.
pub fn on_new_member(_conn: &mut PgConnection, _member: MemberId, _now: DateTime<Utc>) -> QueryResult<()> {
    Ok(())
}
