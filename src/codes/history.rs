//! All that happened to one code: who used it or tried to, when, and what came of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use crate::ids::{CampaignId, MemberId};
use crate::web::{Keyset, Slice};

const PAGE: usize = 50;

/// One event.
#[derive(Debug, Clone, QueryableByName)]
pub struct CodeEvent {
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    id: i64,
    /// Who; none: a customer at the till whom nobody knows.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<MemberId>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    outcome: String,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// An attempt that succeeded has its validation, so only the refused ones stand for themselves.
const EVENTS: &str = "
    SELECT at, 'used' AS kind, id, member_id, via AS outcome FROM validation WHERE code = $1 AND campaign_id = $2
    UNION ALL SELECT reversed_at, 'back', id, member_id, via FROM validation
      WHERE code = $1 AND campaign_id = $2 AND reversed_at IS NOT NULL
    UNION ALL SELECT at, 'tried', id, member_id, outcome FROM code_attempt
      WHERE text = $1 AND campaign_id = $2 AND outcome <> 'ok'";

/// A page of a code's events, the latest first.
pub fn page(
    conn: &mut PgConnection,
    campaign: CampaignId,
    text: &str,
    keyset: &Keyset,
) -> QueryResult<Slice<CodeEvent>> {
    let back = keyset.is_backwards();
    let (than, order) = if back { (">", "ASC") } else { ("<", "DESC") };
    let key = keyset.key().and_then(read_key);
    let within = if key.is_some() { format!("(at, kind, id) {than} ($3, $4, $5)") } else { "true".into() };
    let (at, kind, id) = key.unwrap_or_default();
    let rows: Vec<CodeEvent> = sql_query(format!(
        "SELECT page.*, member.name FROM (
           SELECT * FROM ({EVENTS}) AS event WHERE {within}
           ORDER BY at {order}, kind {order}, id {order} LIMIT {}) AS page
         LEFT JOIN member ON member.id = page.member_id ORDER BY at {order}, kind {order}, page.id {order}",
        PAGE + 1
    ))
    .bind::<Text, _>(text)
    .bind::<BigInt, _>(campaign)
    .bind::<Timestamptz, _>(at)
    .bind::<Text, _>(kind)
    .bind::<BigInt, _>(id)
    .load(conn)?;
    Ok(Slice::cut(rows, keyset, PAGE, |row| format!("{}.{}.{}", row.at.timestamp_micros(), row.kind, row.id)))
}

/// How many there are in all.
pub fn count(conn: &mut PgConnection, campaign: CampaignId, text: &str) -> QueryResult<i64> {
    sql_query(format!("SELECT count(*) AS count FROM ({EVENTS}) AS event"))
        .bind::<Text, _>(text)
        .bind::<BigInt, _>(campaign)
        .get_result::<CountRow>(conn)
        .map(|row| row.count)
}

fn read_key(key: &str) -> Option<(DateTime<Utc>, String, i64)> {
    let mut parts = key.splitn(3, '.');
    let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let kind = parts.next().filter(|kind| ["used", "back", "tried"].contains(kind))?;
    Some((at, kind.to_owned(), parts.next()?.parse().ok()?))
}

impl CodeEvent {
    /// Who it was: their page, if it is a member, and name.
    pub fn who(&self) -> (Option<String>, String) {
        match (self.member_id, &self.name) {
            (Some(id), Some(name)) => (Some(format!("/user-support/{id}")), name.clone()),
            (Some(_), None) => (None, "A member who was deleted".into()),
            (None, _) => (None, "A customer at the till".into()),
        }
    }

    /// "Used in the app", or why it was refused.
    pub fn words(&self) -> &str {
        match (self.kind.as_str(), self.outcome.as_str()) {
            ("used", "app") => "Used in the app",
            ("used", _) => "Used at a till",
            ("back", _) => "Use reversed",
            (_, "too_many_attempts") => "Refused: too many wrong codes in a short time",
            (_, "in_app_validation_not_allowed") => "Refused: the campaign does not allow in-app validation",
            (_, "campaign_not_active") => "Refused: the campaign was not active",
            (_, "group_not_active") => "Refused: the group was not active",
            (_, "not_a_receiver") => "Refused: not a receiver",
            (_, "already_member") => "Nothing used up: already in the group",
            (_, "code_used_up") => "Refused: no uses left",
            (_, other) => other,
        }
    }

    /// The colour of its sign.
    pub fn tone(&self) -> &'static str {
        match (self.kind.as_str(), self.outcome.as_str()) {
            ("used", _) => "good",
            ("back", _) | (_, "already_member") => "quiet",
            _ => "stop",
        }
    }
}
