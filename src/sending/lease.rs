//! A small batch of messages, taken for a while by one worker and made ready to go.

use std::sync::LazyLock;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use uuid::Uuid;

use super::key::key_sql;
use super::pick::Queue;
use super::verdict::{Go, SIGN_IN_LIFE, carried_out};
use crate::channels::MessageChannel;
use crate::channels::transport::Outgoing;
use crate::db::Kept;
use crate::ids::{CampaignId, MemberId};
use crate::settings::DateLanguage;

/// How long a worker has its batch for itself; batches are made to last two seconds.
const LEASE: Duration = Duration::seconds(10);

/// A message that this worker may hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    /// What goes out.
    pub outgoing: Outgoing,
    /// How often it was tried before.
    pub attempts: i16,
    /// From when on it is of no use.
    pub useless_at: Option<DateTime<Utc>>,
    /// A sign-in code: it is waited for.
    pub is_urgent: bool,
}

/// What a lease found.
#[derive(Debug, Default)]
pub struct Batch {
    /// Ready to go.
    pub messages: Vec<Leased>,
    /// How many were taken out of the queue for good, or put off.
    pub settled: usize,
}

#[derive(QueryableByName)]
struct LeasedRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    verdict: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    member_id: Option<MemberId>,
    #[diesel(sql_type = Nullable<BigInt>)]
    campaign_id: Option<CampaignId>,
    #[diesel(sql_type = Nullable<Text>)]
    address: Option<String>,
    #[diesel(sql_type = SmallInt)]
    attempts: i16,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Text)]
    sender: String,
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Text)]
    body: String,
    #[diesel(sql_type = Nullable<Text>)]
    link: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    picture: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    unsubscribe: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ends_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    useless_at: Option<DateTime<Utc>>,
    #[diesel(sql_type = Nullable<Text>)]
    language: Option<String>,
}

fn lease_sql(queue: Queue) -> String {
    // a test belongs to no campaign, so that it waits for none; what it looks like is the campaign's that it tries
    let tested = |column: &str| {
        format!(
            "SELECT {column} FROM test_send JOIN campaign AS tested ON tested.id = test_send.campaign_id
             WHERE test_send.message_id = message.id"
        )
    };
    let (sender, picture, ends) = (tested("tested.sms_sender"), tested("tested.picture_id"), tested("tested.ends_at"));
    // a coupon that only the app shows is found there
    let link = format!(
        "CASE WHEN delivery.token IS NOT NULL THEN setting.public_url || '/c/' || delivery.token
          WHEN message.campaign_id IS NOT NULL THEN setting.public_url || '/app'
          WHEN message.purpose = 'test' THEN setting.public_url || '/c/test/' || ({}) END",
        tested("test_send.token")
    );
    let key = key_sql("message.id");
    let columns = format!(
        ", message.attempts, {key} AS key,
        coalesce(CASE WHEN message.purpose = 'test' THEN ({sender}) ELSE campaign.sms_sender END, '') AS sender, coalesce(message_text.subject, message.subject) AS subject,
        replace(coalesce(message_text.body, message.body), '{{link}}', coalesce({link}, setting.public_url)) AS body,
        {link} AS link, setting.public_url || '/pictures/' || CASE WHEN message.purpose = 'test' THEN ({picture}) ELSE campaign.picture_id END AS picture,
        CASE WHEN message.purpose NOT IN ('sign_in', 'test') THEN setting.public_url || '/c/' || delivery.token || '/unsubscribe' END AS unsubscribe,
        CASE WHEN message.purpose = 'test' THEN ({ends}) ELSE it.ends_at END AS ends_at,
        CASE WHEN message.purpose = 'sign_in' THEN message.created_at + {SIGN_IN_LIFE} ELSE it.ends_at END AS useless_at,
        member.date_language AS language"
    );
    let go = Go {
        state: "queued",
        moved: "message.moved_at",
        delivery: "NULL",
        lease: "worker = CASE WHEN verdict = 'go' THEN $5 END, leased_until = CASE WHEN verdict = 'go' THEN $6 END",
    };
    format!("WITH {} SELECT * FROM checked ORDER BY id", carried_out(&queue.due(), &columns, "true", &go))
}

/// Leases what is due of a queue, `limit` at most. What must not go any more, or not yet, is settled on the way.
pub fn lease(
    conn: &mut PgConnection,
    channel: MessageChannel,
    queue: Queue,
    limit: i64,
    worker: Uuid,
    now: DateTime<Utc>,
) -> QueryResult<Batch> {
    static SIGN_INS: LazyLock<String> = LazyLock::new(|| lease_sql(Queue::SignIns));
    static CAMPAIGN: LazyLock<String> = LazyLock::new(|| lease_sql(Queue::Campaign(CampaignId(0))));
    let sql = match queue {
        Queue::SignIns => &*SIGN_INS,
        Queue::Campaign(_) => &*CAMPAIGN,
    };
    let query = sql_query(sql.as_str())
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(channel.key())
        .bind::<BigInt, _>(queue.key())
        .bind::<BigInt, _>(limit)
        .bind::<SqlUuid, _>(worker)
        .bind::<Timestamptz, _>(now + LEASE);
    let rows: Vec<LeasedRow> = Kept(query).load(conn)?;
    let (go, rest): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.verdict == "go");
    let settled = rest.iter().filter(|row| row.verdict != "wait").count();
    Ok(Batch { messages: go.into_iter().map(Leased::from).collect(), settled })
}

/// Gives back what was leased and not handed over.
pub fn release(conn: &mut PgConnection, ids: &[i64], worker: Uuid) -> QueryResult<()> {
    let query = sql_query(
        "UPDATE message SET worker = NULL, leased_until = NULL WHERE id = ANY($1) AND worker = $2 AND state = 'queued'",
    );
    Kept(query.bind::<Array<BigInt>, _>(ids).bind::<SqlUuid, _>(worker)).execute(conn).map(|_| ())
}

impl From<LeasedRow> for Leased {
    fn from(row: LeasedRow) -> Self {
        Self {
            is_urgent: row.campaign_id.is_none(),
            attempts: row.attempts,
            useless_at: row.useless_at,
            outgoing: Outgoing {
                id: row.id,
                key: row.key,
                member: row.member_id,
                recipient: row.address.unwrap_or_default(),
                sender: row.sender,
                subject: row.subject,
                body: row.body,
                link: row.link,
                picture: row.picture,
                unsubscribe: row.unsubscribe,
                ends_at: row.ends_at,
                language: row.language.as_deref().and_then(DateLanguage::parse),
            },
        }
    }
}
