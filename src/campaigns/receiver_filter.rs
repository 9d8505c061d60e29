//! What a list of receivers is narrowed to, in its address and in SQL.

use diesel::{PgConnection, QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use serde::{Deserialize, Serialize};

use super::tally::Reached;
use crate::deliveries::DeliveryState;
use crate::deliveries::Skip;
use crate::error::AppError;
use crate::ids::{GroupId, MemberId};
use crate::members::Sight;
use crate::members::search_words::SearchWords;
use crate::support::lookup::Lookup;

/// So many members that match what was typed are looked at on a page; who has more types more.
pub const MOST_FOUND: usize = 5_000;

/// As it stands in the address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct ReceiverQuery {
    /// Part of a name, a phone number, an e-mail address; a whole member number.
    pub q: String,
    /// A state's key, or how far it ever got.
    pub state: String,
    /// Why skipped.
    pub reason: String,
    /// Came through this group.
    pub group: String,
}

/// Where those listed stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In this state now.
    In(DeliveryState),
    /// It got at least so far, whatever came after.
    Ever(Reached),
}

/// The same, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiverFilter {
    /// Where they stand.
    pub standing: Option<Standing>,
    /// Skipped for this reason.
    pub reason: Option<Skip>,
    /// Came through the group at this place.
    pub place: Option<i16>,
    /// Only these members: those that were searched.
    pub members: Option<Vec<MemberId>>,
}

impl Standing {
    /// For addresses.
    pub fn key(self) -> &'static str {
        match self {
            Self::In(state) => state.key(),
            Self::Ever(step) => step.key(),
        }
    }

    /// As shown.
    pub fn label(self) -> &'static str {
        match self {
            Self::In(state) => state.label(),
            Self::Ever(Reached::Issued) => "Ever issued",
            Self::Ever(Reached::Sent) => "Ever sent",
            Self::Ever(Reached::Seen) => "Ever seen",
            Self::Ever(Reached::Validated) => "Validated",
        }
    }

    /// What this key stands for.
    pub fn parse(key: &str) -> Option<Self> {
        let ever = Reached::ALL.into_iter().find(|step| step.key() == key).map(Self::Ever);
        DeliveryState::parse(key).map(Self::In).or(ever)
    }
}

impl ReceiverQuery {
    /// The filter; `places` are those of the campaign's groups. Not the search: see `search`.
    pub fn filter(&self, places: &[(GroupId, i16)]) -> ReceiverFilter {
        let group = self.group.parse::<i64>().ok();
        ReceiverFilter {
            standing: Standing::parse(&self.state),
            reason: Skip::parse(&self.reason),
            place: places.iter().find(|(id, _)| Some(id.0) == group).map(|(_, place)| *place),
            members: None,
        }
    }

    /// Whether nothing is filtered.
    pub fn is_empty(&self) -> bool {
        self.q.trim().is_empty() && self.state.is_empty() && self.reason.is_empty() && self.group.is_empty()
    }

    /// "?state=sent", with more pairs; empty where there is nothing to say.
    pub fn address(&self, more: &[(&str, &str)]) -> String {
        let own = [("q", self.q.trim()), ("state", &self.state), ("reason", &self.reason), ("group", &self.group)];
        let given: Vec<_> = own.iter().chain(more).filter(|(_, value)| !value.is_empty()).collect();
        if given.is_empty() {
            return String::new();
        }
        serde_html_form::to_string(given).map(|query| format!("?{query}")).unwrap_or_default()
    }
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: MemberId,
}

/// The members that match what was typed; true: there may be more than these.
pub fn search(conn: &mut PgConnection, typed: &str, reader: (&str, Sight)) -> Result<(Vec<MemberId>, bool), AppError> {
    let mut members = matching(conn, typed, reader, Some(MOST_FOUND + 1))?;
    let more = members.len() > MOST_FOUND;
    members.truncate(MOST_FOUND);
    Ok((members, more))
}

/// Every member that matches what was typed, in the order of their keys.
pub fn search_all(conn: &mut PgConnection, typed: &str, reader: (&str, Sight)) -> Result<Vec<MemberId>, AppError> {
    let mut members = matching(conn, typed, reader, None)?;
    members.sort_unstable();
    members.dedup();
    Ok(members)
}

/// Exact hits first; one member may be there twice.
fn matching(
    conn: &mut PgConnection,
    typed: &str,
    (region, sight): (&str, Sight),
    most: Option<usize>,
) -> Result<Vec<MemberId>, AppError> {
    let mut members = Lookup::parse(typed, region).run(conn)?.members;
    let words = SearchWords::parse_for(typed, sight);
    if words.is_empty() {
        return Ok(members);
    }
    let mut query = sql_query(format!(
        "WITH matching AS MATERIALIZED (SELECT id FROM member WHERE {}) SELECT id FROM matching{}",
        words.condition(1),
        most.map(|most| format!(" LIMIT {most}")).unwrap_or_default()
    ))
    .into_boxed();
    for pattern in words.patterns {
        query = query.bind::<diesel::sql_types::Text, _>(pattern);
    }
    let found: Vec<IdRow> = query.load(conn)?;
    members.extend(found.into_iter().map(|row| row.id));
    Ok(members)
}

impl ReceiverFilter {
    /// The condition on a table or alias `delivery`; begins with AND, or is empty.
    pub fn condition(&self, is_over: bool) -> String {
        let mut text = match self.standing {
            None => String::new(),
            Some(Standing::Ever(step)) => format!(" AND {}", step.condition()),
            Some(Standing::In(DeliveryState::Expired)) if is_over => {
                let open = DeliveryState::UNUSED.map(|state| format!("'{}'", state.key())).join(", ");
                format!(" AND delivery.state IN ('expired', {open})")
            }
            Some(Standing::In(state)) if is_over && DeliveryState::UNUSED.contains(&state) => " AND false".to_owned(),
            Some(Standing::In(state)) => format!(" AND delivery.state = '{}'", state.key()),
        };
        if let Some(skip) = self.reason {
            // said as its index says it
            text += &format!(
                " AND delivery.state = 'skipped' AND delivery.skipped_at IS NOT NULL AND delivery.reason = '{}'",
                skip.key()
            );
        }
        if let Some(place) = self.place {
            text += &format!(" AND delivery.through & {} <> 0", 1i64 << place);
        }
        text
    }
}
