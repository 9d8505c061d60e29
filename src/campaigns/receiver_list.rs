//! Who was issued a campaign, and what came of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use crate::ids::{CampaignId, MemberId};
use crate::web::{Keyset, Slice};

const SIZE: usize = 50;

/// What came of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiverState {
    /// Theirs, nothing more.
    Issued,
    /// Its message went out.
    Sent,
    /// Opened.
    Seen,
    /// Used.
    Validated,
    /// Its time has passed, unused.
    Expired,
    /// Taken back.
    Withdrawn,
    /// Its message could not be sent.
    Failed,
}

impl ReceiverState {
    /// All, in their order.
    pub const ALL: [Self; 7] =
        [Self::Issued, Self::Sent, Self::Seen, Self::Validated, Self::Expired, Self::Withdrawn, Self::Failed];

    /// For addresses, and as the SQL names it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Sent => "sent",
            Self::Seen => "seen",
            Self::Validated => "validated",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Failed => "failed",
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::Issued => "Issued",
            Self::Sent => "Sent",
            Self::Seen => "Seen",
            Self::Validated => "Validated",
            Self::Expired => "Expired",
            Self::Withdrawn => "Withdrawn",
            Self::Failed => "Failed",
        }
    }

    /// How its badge is coloured.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Issued | Self::Sent | Self::Seen => "info",
            Self::Validated => "good",
            Self::Expired => "quiet",
            Self::Withdrawn => "warn",
            Self::Failed => "stop",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// A line of the list.
#[derive(Debug, Clone, QueryableByName)]
pub struct ReceiverRow {
    /// Who.
    #[diesel(sql_type = BigInt)]
    pub member_id: MemberId,
    /// Member number.
    #[diesel(sql_type = BigInt)]
    pub number: i64,
    /// Name.
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    state: String,
    /// When it got into this state.
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    /// When it was issued.
    #[diesel(sql_type = Timestamptz)]
    pub issued_at: DateTime<Utc>,
    /// Their code.
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    /// Why it was withdrawn or failed.
    #[diesel(sql_type = Nullable<Text>)]
    pub reason: Option<String>,
}

impl ReceiverRow {
    /// What came of it.
    pub fn state(&self) -> ReceiverState {
        ReceiverState::parse(&self.state).unwrap_or(ReceiverState::Issued)
    }
}

/// `$1` is the campaign, `$2` now; of what has happened, the last word counts.
const STATE: &str =
    "CASE WHEN d.validated_at IS NOT NULL THEN 'validated' WHEN d.withdrawn_at IS NOT NULL THEN 'withdrawn'
    WHEN d.failed_at IS NOT NULL THEN 'failed'
    WHEN coalesce(d.expires_at, (SELECT ends_at FROM campaign WHERE id = $1)) <= $2 THEN 'expired'
    WHEN d.seen_at IS NOT NULL THEN 'seen' WHEN d.sent_at IS NOT NULL THEN 'sent' ELSE 'issued' END";

/// A page, by member.
pub fn page(
    conn: &mut PgConnection,
    id: CampaignId,
    state: Option<ReceiverState>,
    now: DateTime<Utc>,
    keyset: &Keyset,
) -> QueryResult<Slice<ReceiverRow>> {
    let (compare, order) = if keyset.is_backwards() { ("<", "DESC") } else { (">", "ASC") };
    let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
    let rows = sql_query(format!(
        "SELECT picked.*, member.number, member.name FROM (
           SELECT d.member_id, d.issued_at, d.code, d.reason, {STATE} AS state,
             CASE {STATE} WHEN 'validated' THEN d.validated_at WHEN 'withdrawn' THEN d.withdrawn_at WHEN 'failed' THEN d.failed_at
               WHEN 'expired' THEN coalesce(d.expires_at, (SELECT ends_at FROM campaign WHERE id = $1))
               WHEN 'seen' THEN d.seen_at WHEN 'sent' THEN d.sent_at ELSE d.issued_at END AS at
           FROM delivery AS d WHERE d.campaign_id = $1 AND ($3 = '' OR {STATE} = $3) AND ($4 IS NULL OR d.member_id {compare} $4)
           ORDER BY d.member_id {order} LIMIT {}) AS picked
         JOIN member ON member.id = picked.member_id ORDER BY picked.member_id {order}",
        SIZE + 1
    ))
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(state.map_or("", ReceiverState::key))
    .bind::<Nullable<BigInt>, _>(key)
    .load(conn)?;
    Ok(Slice::cut(rows, keyset, SIZE, |row: &ReceiverRow| row.member_id.to_string()))
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many on all pages.
pub fn count(
    conn: &mut PgConnection,
    id: CampaignId,
    state: Option<ReceiverState>,
    now: DateTime<Utc>,
) -> QueryResult<i64> {
    sql_query(format!(
        "SELECT count(*) AS count FROM delivery AS d WHERE d.campaign_id = $1 AND ($3 = '' OR {STATE} = $3)"
    ))
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(state.map_or("", ReceiverState::key))
    .get_result::<CountRow>(conn)
    .map(|row| row.count)
}
