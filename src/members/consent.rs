//! What members agreed to receive, channel by channel, and since when.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use crate::ids::MemberId;

/// The channels that need consent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Consents {
    /// SMS.
    pub sms: bool,
    /// E-mail.
    pub email: bool,
    /// Push notifications.
    pub push: bool,
}

/// Makes these the member's consents; what changes goes into the history, with its source ("app", "support" or
/// "import") and, where that was not the member, who did it.
pub fn set_consents(
    conn: &mut PgConnection,
    member: MemberId,
    consents: Consents,
    source: &str,
    account: Option<Uuid>,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    sql_query(
        "WITH before AS (SELECT sms_consent, email_consent, push_consent FROM member WHERE id = $1 FOR NO KEY UPDATE),
         changed AS (
           UPDATE member SET sms_consent = $2, email_consent = $3, push_consent = $4 WHERE id = $1)
         INSERT INTO member_consent (member_id, channel, at, granted, source, account_id)
           SELECT $1, channel, $5, granted, $6, $7 FROM before, LATERAL (VALUES
             ('sms', sms_consent, $2), ('email', email_consent, $3), ('push', push_consent, $4)) AS c (channel, was, granted)
           WHERE was <> granted
         ON CONFLICT (member_id, channel, at) DO UPDATE SET granted = excluded.granted",
    )
    .bind::<BigInt, _>(member)
    .bind::<Bool, _>(consents.sms)
    .bind::<Bool, _>(consents.email)
    .bind::<Bool, _>(consents.push)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(source)
    .bind::<Nullable<SqlUuid>, _>(account)
    .execute(conn)
    .map(|_| ())
}
