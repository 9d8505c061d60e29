//! The receivers of a campaign, one by one: any page of any list costs the same.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz};
use diesel::{QueryableByName, sql_query};

use super::receiver_filter::ReceiverFilter;
use super::tally::{Tally, as_read};
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;
use crate::ids::{CampaignId, MemberId};
use crate::members::member::number_text;
use crate::members::{Guarded, Sight};
use crate::web::Keyset;

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
    /// E.164.
    #[diesel(sql_type = Nullable<Text>)]
    pub phone: Option<Guarded>,
    /// E-mail address.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<Guarded>,
    #[diesel(sql_type = Text)]
    stored_state: String,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    over_at: Option<DateTime<Utc>>,
    /// Their code.
    #[diesel(sql_type = Nullable<Text>)]
    pub code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
}

impl ReceiverRow {
    /// Where it stands.
    pub fn state(&self) -> DeliveryState {
        as_read(self.stored(), self.over_at.is_some())
    }

    /// Since when.
    pub fn at(&self) -> &DateTime<Utc> {
        let is_over = self.state() != self.stored();
        self.over_at.as_ref().filter(|_| is_over).unwrap_or(&self.at)
    }

    /// Why, in words; empty where there is nothing to say.
    pub fn reason(&self, sight: Sight) -> String {
        let reason = self.reason.as_deref().unwrap_or_default();
        match Skip::parse(reason) {
            Some(skip) if self.stored() == DeliveryState::Skipped => skip.label().to_owned(),
            // a provider's words
            _ => sight.foreign(reason),
        }
    }

    /// Ten digits.
    pub fn number_text(&self) -> String {
        number_text(self.number)
    }

    fn stored(&self) -> DeliveryState {
        DeliveryState::parse(&self.stored_state).unwrap_or(DeliveryState::Issued)
    }
}

const COLUMNS: &str =
    "delivery.member_id, delivery.state, delivery.code, delivery.reason, CASE delivery.state WHEN 'validated' THEN validated_at
    WHEN 'withdrawn' THEN withdrawn_at WHEN 'skipped' THEN skipped_at WHEN 'bounced' THEN bounced_at WHEN 'failed' THEN failed_at
    WHEN 'expired' THEN expired_at WHEN 'seen' THEN seen_at WHEN 'accepted' THEN accepted_at WHEN 'uncertain' THEN uncertain_at
    WHEN 'sent' THEN sent_at WHEN 'queued' THEN queued_at ELSE issued_at END AS at";

/// The query of a page: `$1` the campaign, `$2` the key it starts from, `$3` the members searched. None: nobody is
/// on it. One range of `delivery_state_idx` for each state, merged in the order of members.
pub fn statement(tally: &Tally, filter: &ReceiverFilter, is_backwards: bool, limit: usize) -> Option<String> {
    let states = tally.states_for(filter);
    let (compare, order) = if is_backwards { ("<", "DESC") } else { (">", "ASC") };
    let rows = |condition: &str| {
        format!(
            "(SELECT {COLUMNS} FROM delivery WHERE campaign_id = $1 AND ($2 IS NULL OR delivery.member_id {compare} $2){condition}
              ORDER BY delivery.member_id {order} LIMIT {limit})"
        )
    };
    let all = filter.condition(tally.is_over());
    let found = match &filter.members {
        _ if states.is_empty() => return None,
        Some(_) => rows(&format!("{all} AND delivery.member_id = ANY($3)")),
        None => {
            let range = |(state, whole): &(DeliveryState, bool)| {
                let more = if *whole { "" } else { &all };
                rows(&format!(" AND delivery.state = '{}'{more}", state.key()))
            };
            states.iter().map(range).collect::<Vec<_>>().join(" UNION ALL ")
        }
    };
    Some(format!(
        "SELECT page.member_id, page.state AS stored_state, page.code, page.reason, page.at, member.number, member.name,
           member.phone, member.email, {} AS over_at
         FROM (SELECT * FROM ({found}) AS found ORDER BY member_id {order} LIMIT {limit}) AS page
         JOIN member ON member.id = page.member_id ORDER BY page.member_id {order}",
        if tally.is_over() { "(SELECT ends_at FROM campaign WHERE id = $1)" } else { "NULL::timestamptz" }
    ))
}

/// Rows from a key on, in the keyset's direction; for a `Slice`, one more than it shows.
pub fn rows(
    conn: &mut PgConnection,
    id: CampaignId,
    tally: &Tally,
    filter: &ReceiverFilter,
    keyset: &Keyset,
    limit: usize,
) -> QueryResult<Vec<ReceiverRow>> {
    let Some(text) = statement(tally, filter, keyset.is_backwards(), limit) else { return Ok(Vec::new()) };
    let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
    let query = sql_query(text).bind::<BigInt, _>(id).bind::<Nullable<BigInt>, _>(key);
    match &filter.members {
        None => query.load(conn),
        Some(members) => query.bind::<Array<BigInt>, _>(members).load(conn),
    }
}

/// How many of the members searched a filter leaves.
pub fn count_searched(
    conn: &mut PgConnection,
    id: CampaignId,
    is_over: bool,
    filter: &ReceiverFilter,
) -> QueryResult<i64> {
    #[derive(QueryableByName)]
    struct CountRow {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let members = filter.members.as_deref().unwrap_or_default();
    sql_query(format!(
        "SELECT count(*) AS count FROM delivery WHERE campaign_id = $1 AND member_id = ANY($2){}",
        filter.condition(is_over)
    ))
    .bind::<BigInt, _>(id)
    .bind::<Array<BigInt>, _>(members)
    .get_result::<CountRow>(conn)
    .map(|row| row.count)
}
