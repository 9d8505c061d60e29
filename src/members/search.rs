//! Members that match what was typed: the cost stays the same however many there are.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::member::{MemberRow, ROW_COLUMNS};
use super::search_words::SearchWords;
use crate::ids::{GroupId, MemberId};
use crate::web::{Keyset, Slice};

/// Members on a page.
pub const PAGE: usize = 50;
/// As many matches are found, sorted and counted; who has more types more.
const MOST: usize = 1000;
/// So many of the newest members are looked at first: words that many members have are found here at once.
const NEWEST: usize = 3000;

/// Which members to list.
#[derive(Debug, Clone, Default)]
pub struct MemberFilter {
    /// What was typed; not empty.
    pub words: SearchWords,
    /// Only who is in this group now.
    pub group: Option<GroupId>,
    /// Only who is, or is not, blocked.
    pub blocked: Option<bool>,
}

/// A page of matches, by name.
#[derive(Debug, Clone)]
pub struct Matches {
    /// The page.
    pub slice: Slice<MemberRow>,
    /// How many match.
    pub found: i64,
    /// There are more than `found`: only some of them are shown, and no further page.
    pub more: bool,
}

#[derive(QueryableByName)]
struct MatchRow {
    #[diesel(embed)]
    member: MemberRow,
    #[diesel(sql_type = BigInt)]
    found: i64,
    #[diesel(sql_type = Bool)]
    more: bool,
}

/// The members that match.
pub fn search(conn: &mut PgConnection, filter: &MemberFilter, keyset: &Keyset) -> QueryResult<Matches> {
    let key: Option<i64> = keyset.key().and_then(|key| key.parse().ok());
    let mut query = diesel::sql_query(statement(filter, key.is_some(), keyset.is_backwards())).into_boxed();
    for pattern in &filter.words.patterns {
        query = query.bind::<Text, _>(pattern.clone());
    }
    if let Some(group) = filter.group {
        query = query.bind::<BigInt, _>(group);
    }
    if let Some(key) = key {
        query = query.bind::<BigInt, _>(MemberId(key));
    }
    let rows: Vec<MatchRow> = query.load(conn)?;
    let (found, more) = rows.first().map_or((0, false), |row| (row.found, row.more));
    let rows = rows.into_iter().map(|row| row.member).collect();
    let mut slice = Slice::cut(rows, keyset, PAGE, |row: &MemberRow| row.id.to_string());
    if more {
        (slice.previous, slice.next) = (None, None);
    }
    Ok(Matches { slice, found, more })
}

fn statement(filter: &MemberFilter, keyed: bool, backwards: bool) -> String {
    let words = filter.words.patterns.len();
    let mut matches = filter.words.condition(1);
    if filter.group.is_some() {
        matches += &format!(
            " AND EXISTS (SELECT FROM membership WHERE membership.member_id = member.id AND group_id = ${} AND left_at IS NULL)",
            words + 1
        );
    }
    match filter.blocked {
        Some(true) => matches += " AND blocked_at IS NOT NULL",
        Some(false) => matches += " AND blocked_at IS NULL",
        None => {}
    }
    let limit = PAGE + 1;
    let most = MOST + 1;
    let (than, order) = if backwards { ("<", "DESC") } else { (">", "ASC") };
    let from = if keyed {
        let place = words + 1 + usize::from(filter.group.is_some());
        format!("WHERE (name_key, id) {than} (SELECT search COLLATE \"C\", id FROM member WHERE id = ${place})")
    } else {
        String::new()
    };
    // A page after the first is asked for only where there are few; so nothing is looked for among the newest.
    let newest = if keyed { 0 } else { NEWEST };
    format!(
        "WITH recent AS MATERIALIZED (
           SELECT id, search FROM (SELECT id, name, search, blocked_at FROM member ORDER BY id DESC LIMIT {newest}) AS member
           WHERE {matches} LIMIT {limit}),
         -- materialized, so that it is planned for all matches, by the index, and not for the first few
         matching AS MATERIALIZED (SELECT id, search FROM member WHERE {matches}),
         few AS MATERIALIZED (
           SELECT id, search FROM matching WHERE (SELECT count(*) FROM recent) < {limit} LIMIT {most}),
         listed AS MATERIALIZED (
           SELECT id, search COLLATE \"C\" AS name_key FROM few
           UNION ALL
           SELECT id, search COLLATE \"C\" FROM recent WHERE (SELECT count(*) FROM recent) = {limit}),
         page AS (SELECT id, name_key FROM listed {from} ORDER BY name_key {order}, id {order} LIMIT {limit})
         SELECT {ROW_COLUMNS}, (SELECT count(*) FROM listed) AS found,
                (SELECT count(*) FROM recent) = {limit} OR (SELECT count(*) FROM few) = {most} AS more
         FROM page JOIN member ON member.id = page.id ORDER BY name_key {order}, member.id {order}"
    )
}
