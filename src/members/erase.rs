//! Erasing a member: the person goes, the numbers stay.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Jsonb, Text, Timestamptz};
use uuid::Uuid;

use super::consent::{ConsentSource, Consents, set_consents};
use crate::ids::MemberId;
use crate::memberships::membership::{lock_member, open_groups};
use crate::memberships::{Source, leave};
use crate::schema::{member_card, session, sign_in_code};

/// Erases what tells who the member was; uses of codes, stays and issued coupons stay as numbers.
///
/// The row stays too, since those refer to it, and keeps every constraint in an honest way: a member must have a
/// contact, so it gets an address in the top-level domain `invalid`, which exists nowhere (RFC 2606) and cannot be
/// guessed, so nobody can sign in with it. It counts as blocked, so that it is left out of every audience.
pub fn erase(conn: &mut PgConnection, member: MemberId, source: &Source, now: DateTime<Utc>) -> QueryResult<()> {
    lock_member(conn, member)?;
    let groups: Vec<_> = open_groups(conn, member)?.into_iter().collect();
    leave(conn, member, &groups, source, now)?;
    set_consents(conn, member, Consents::default(), ConsentSource::App, now)?;
    // stays in groups that are over, which nobody leaves otherwise
    sql_query(
        "UPDATE membership SET left_at = greatest(joined_at, $2), left_source = $3, left_detail = $4
         WHERE member_id = $1 AND left_at IS NULL",
    )
    .bind::<BigInt, _>(member)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(source.key())
    .bind::<Jsonb, _>(source.detail())
    .execute(conn)?;
    sql_query(
        "UPDATE delivery SET withdrawn_at = $2, reason = 'account deleted'
         WHERE member_id = $1 AND withdrawn_at IS NULL AND validated_at IS NULL AND skipped_at IS NULL AND expired_at IS NULL",
    )
    .bind::<BigInt, _>(member)
    .bind::<Timestamptz, _>(now)
    .execute(conn)?;
    forget(conn, member, now)
}

fn forget(conn: &mut PgConnection, member: MemberId, now: DateTime<Utc>) -> QueryResult<()> {
    diesel::delete(session::table.filter(session::member_id.eq(member))).execute(conn)?;
    diesel::delete(sign_in_code::table.find(member)).execute(conn)?;
    diesel::delete(member_card::table.find(member)).execute(conn)?;
    for statement in [
        "UPDATE message SET state = 'withdrawn' WHERE member_id = $1 AND state = 'queued'",
        "DELETE FROM push_subscription WHERE member_id = $1",
        "DELETE FROM app_token WHERE member_id = $1",
        "UPDATE message SET error = NULL, provider_id = NULL, recipient = 'deleted', subject = '', body = '' WHERE member_id = $1",
        "UPDATE code_attempt SET address = '' WHERE member_id = $1",
    ] {
        sql_query(statement).bind::<BigInt, _>(member).execute(conn)?;
    }
    sql_query(
        "UPDATE member SET name = 'Deleted member', phone = NULL, external_id = NULL, email = $2, last_seen_at = NULL,
           blocked_at = $3, blocked_reason = 'Account deleted' WHERE id = $1",
    )
    .bind::<BigInt, _>(member)
    .bind::<Text, _>(format!("deleted-{}@invalid", Uuid::new_v4()))
    .bind::<Timestamptz, _>(now)
    .execute(conn)
    .map(|_| ())
}
