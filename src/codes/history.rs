//! The life of a code: made, handed over, every use and every attempt, good or refused.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::history_words;
use crate::ids::{CampaignId, MemberId};
use crate::web::filters::grouped;
use crate::web::{Keyset, Slice};

const PAGE: usize = 50;
/// Events are counted up to here.
const COUNTED: i64 = 10_000;

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
    /// Whose use or attempt; none: a customer at the till whom nobody knows, or nobody's act.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub member_id: Option<MemberId>,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    outcome: String,
    /// The till, the batch, the reason.
    #[diesel(sql_type = Text)]
    pub note: String,
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A kind of event: what it is called, its instant, key, member, outcome, note, and where it stands. Binds `$1` text,
/// `$2` campaign.
type Kind = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const TILL: &str = "concat_ws(', ', nullif(concat_ws(', ', api_key.name, nullif(shop, '')), ''), nullif(till, ''))";

/// An attempt that succeeded has its validation, so only the refused ones stand for themselves.
const KINDS: [Kind; 11] = [
    (
        "used",
        "at",
        "validation.id",
        "member_id",
        "via",
        TILL,
        "validation LEFT JOIN api_key ON api_key.id = api_key_id WHERE code = $1 AND campaign_id = $2",
    ),
    (
        "back",
        "reversed_at",
        "validation.id",
        "member_id",
        "via",
        TILL,
        "validation LEFT JOIN api_key ON api_key.id = api_key_id WHERE code = $1 AND campaign_id = $2 AND reversed_at IS NOT NULL",
    ),
    (
        "tried",
        "at",
        "id",
        "member_id",
        "outcome",
        "''",
        "code_attempt WHERE text = $1 AND campaign_id = $2 AND outcome <> 'ok'",
    ),
    (
        "till",
        "at",
        "till_attempt.id",
        "member_id",
        "act || ' ' || outcome",
        TILL,
        "till_attempt LEFT JOIN api_key ON api_key.id = api_key_id
      WHERE text = $1 AND campaign_id = $2 AND (outcome <> 'ok' OR act = 'look_up')",
    ),
    (
        "held",
        "reserved_at",
        RESERVATION,
        "member_id",
        "''",
        TILL,
        "reservation LEFT JOIN api_key ON api_key.id = api_key_id WHERE code = $1 AND campaign_id = $2",
    ),
    (
        "let_go",
        "cancelled_at",
        RESERVATION,
        "member_id",
        "''",
        TILL,
        "reservation LEFT JOIN api_key ON api_key.id = api_key_id WHERE code = $1 AND campaign_id = $2 AND cancelled_at IS NOT NULL",
    ),
    (
        "ran_out",
        "expired_at",
        RESERVATION,
        "member_id",
        "''",
        TILL,
        "reservation LEFT JOIN api_key ON api_key.id = api_key_id WHERE code = $1 AND campaign_id = $2 AND reservation.expired_at IS NOT NULL",
    ),
    ("given", "delivery.issued_at", "0::bigint", "delivery.member_id", "channel", "''", GIVEN),
    ("sent", "sent_at", "0::bigint", "delivery.member_id", "channel", "''", SENT),
    (
        "withdrawn",
        "withdrawn_at",
        "0::bigint",
        "delivery.member_id",
        "channel",
        "coalesce(delivery.reason, '')",
        WITHDRAWN,
    ),
    (
        "made",
        "coalesce(code_batch.created_at, campaign.published_at)",
        "0::bigint",
        "NULL::bigint",
        "coalesce(source, '')",
        "coalesce(nullif(code_batch.name, ''), 'Batch ' || code_batch.id, '')",
        "code JOIN campaign ON campaign.id = code.campaign_id LEFT JOIN code_batch ON code_batch.id = batch_id
      WHERE code.text = $1 AND code.campaign_id = $2
        AND coalesce(code_batch.created_at, campaign.published_at) IS NOT NULL",
    ),
];

/// A number for the key of a reservation, to tell those of one instant apart.
const RESERVATION: &str = "('x' || substr(md5(reservation.id::text), 1, 15))::bit(60)::bigint";
const GIVEN: &str =
    "code JOIN delivery ON delivery.member_id = code.member_id AND delivery.campaign_id = code.campaign_id
    JOIN campaign ON campaign.id = code.campaign_id WHERE text = $1 AND code.campaign_id = $2 AND delivery.code = $1";
const SENT: &str =
    "code JOIN delivery ON delivery.member_id = code.member_id AND delivery.campaign_id = code.campaign_id
    JOIN campaign ON campaign.id = code.campaign_id
    WHERE text = $1 AND code.campaign_id = $2 AND delivery.code = $1 AND sent_at IS NOT NULL";
const WITHDRAWN: &str =
    "code JOIN delivery ON delivery.member_id = code.member_id AND delivery.campaign_id = code.campaign_id
    JOIN campaign ON campaign.id = code.campaign_id
    WHERE text = $1 AND code.campaign_id = $2 AND delivery.code = $1 AND withdrawn_at IS NOT NULL";

/// All kinds in one list, each cut to what a page can show.
fn events(cut: impl Fn(&Kind) -> String) -> String {
    let all = KINDS.iter().map(|kind| {
        let (name, at, id, member, outcome, note, from) = *kind;
        format!(
            "(SELECT {at} AS at, '{name}' AS kind, {id} AS id, {member} AS member_id, {outcome} AS outcome, {note} AS note FROM {from}{})",
            cut(kind)
        )
    });
    all.collect::<Vec<_>>().join(" UNION ALL ")
}

/// A page of a code's events, the latest first.
pub fn page(
    conn: &mut PgConnection,
    campaign: CampaignId,
    text: &str,
    keyset: &Keyset,
) -> QueryResult<Slice<CodeEvent>> {
    let (than, order) = if keyset.is_backwards() { (">", "ASC") } else { ("<", "DESC") };
    let key = keyset.key().and_then(read_key);
    let limit = PAGE + 1;
    // the first condition is for the indexes, the second decides
    let cut = |(name, at, id, ..): &Kind| {
        let within = if key.is_some() {
            format!(" AND {at} {than}= $3 AND ({at}, '{name}'::text, {id}::bigint) {than} ($3, $4, $5)")
        } else {
            String::new()
        };
        format!("{within} ORDER BY {at} {order}, {id} {order} LIMIT {limit}")
    };
    let sql = format!(
        "SELECT page.*, member.name FROM (
           SELECT * FROM ({}) AS event ORDER BY at {order}, kind {order}, id {order} LIMIT {limit}) AS page
         LEFT JOIN member ON member.id = page.member_id ORDER BY at {order}, kind {order}, page.id {order}",
        events(cut)
    );
    let (at, kind, id) = key.clone().unwrap_or_default();
    let rows: Vec<CodeEvent> = sql_query(sql)
        .bind::<Text, _>(text)
        .bind::<BigInt, _>(campaign)
        .bind::<Timestamptz, _>(at)
        .bind::<Text, _>(kind)
        .bind::<BigInt, _>(id)
        .load(conn)?;
    Ok(Slice::cut(rows, keyset, PAGE, |row| format!("{}.{}.{}", row.at.timestamp_micros(), row.kind, row.id)))
}

/// How many there are in all, in words.
pub fn count(conn: &mut PgConnection, campaign: CampaignId, text: &str) -> QueryResult<String> {
    let limit = COUNTED + 1;
    let all = events(|_| format!(" LIMIT {limit}"));
    let row: CountRow =
        sql_query(format!("SELECT count(*) AS count FROM (SELECT FROM ({all}) AS event LIMIT {limit}) AS part"))
            .bind::<Text, _>(text)
            .bind::<BigInt, _>(campaign)
            .get_result(conn)?;
    Ok(match row.count {
        1 => "1 entry".into(),
        count if count > COUNTED => format!("More than {} entries", grouped(COUNTED)),
        count => format!("{} entries", grouped(count)),
    })
}

fn read_key(key: &str) -> Option<(DateTime<Utc>, String, i64)> {
    let mut parts = key.splitn(3, '.');
    let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
    let kind = parts.next().filter(|name| KINDS.iter().any(|(kind, ..)| kind == name))?;
    Some((at, kind.to_owned(), parts.next()?.parse().ok()?))
}

impl CodeEvent {
    /// Who it was: their page, if it is a member, and name; no name: nobody's act.
    pub fn who(&self) -> (Option<String>, String) {
        match (self.member_id, &self.name) {
            (Some(id), Some(name)) => (Some(format!("/user-support/{id}")), name.clone()),
            (Some(_), None) => (None, "A member who was deleted".into()),
            (None, _) if self.kind == "made" => (None, String::new()),
            (None, _) => (None, "A customer at the till".into()),
        }
    }

    /// "Used in the app", or why it was refused.
    pub fn words(&self) -> String {
        history_words::words(&self.kind, &self.outcome)
    }

    /// The colour of its sign.
    pub fn tone(&self) -> &'static str {
        history_words::tone(&self.kind, &self.outcome)
    }
}
