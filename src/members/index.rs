//! **Members**: all of them, or those that a search and filters leave.

use actix_web::web::{Path, Query};
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;

use super::guarded::Sight;
use super::list;
use super::member::{MemberRow, support_path};
use super::search::{self, MemberFilter};
use super::search_words::SearchWords;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::schema::member_group;
use crate::support::lookup::Lookup;
use crate::web::filters;
use crate::web::{Keyset, PageResult, Shell, Slice, see_other, show};

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Filters {
    #[serde(default)]
    q: String,
    #[serde(default)]
    group: String,
    #[serde(default)]
    blocked: String,
    #[serde(flatten)]
    keyset: Keyset,
}

struct Listed {
    slice: Slice<MemberRow>,
    count: String,
    groups: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "members/index.html")]
struct IndexPage {
    shell: Shell,
    filters: Filters,
    listed: Listed,
}

/// `GET /members`
pub async fn index(shell: Shell, db: Db, filters: Query<Filters>) -> PageResult {
    let filters = filters.into_inner();
    let wanted = filters.clone();
    let reader = Reader { region: shell.organisation.phone_region.clone(), sight: shell.sight() };
    let listed = db.snapshot(move |conn| -> Result<_, AppError> { load(conn, &wanted, &reader) }).await?;
    show(&IndexPage { shell, filters, listed })
}

/// `GET /members/{member}`: all about a member is in User support.
pub async fn show_member(member: Path<MemberId>) -> PageResult {
    see_other(support_path(member.into_inner()))
}

/// Who looks, and where phone numbers without a country code are from.
struct Reader {
    region: String,
    sight: Sight,
}

fn load(conn: &mut PgConnection, wanted: &Filters, reader: &Reader) -> Result<Listed, AppError> {
    let groups = member_group::table
        .select((member_group::id, member_group::name))
        .order(member_group::name)
        .load::<(i64, String)>(conn)?
        .into_iter()
        .map(|(id, name)| (id.to_string(), name))
        .collect();
    let mut words = SearchWords::parse_for(&wanted.q, reader.sight);
    if !reader.sight.is_full() {
        words.surely = Lookup::parse(&wanted.q, &reader.region).run(conn)?.members;
    }
    let filter = MemberFilter {
        words,
        group: wanted.group.parse().ok(),
        blocked: match wanted.blocked.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
    };
    if filter.words.is_empty() {
        let slice = list::newest(conn, filter.group, filter.blocked, &wanted.keyset)?;
        let count = list::count(conn, filter.group, filter.blocked)?;
        return Ok(Listed { slice, count: members(count), groups });
    }
    let found = search::search(conn, &filter, &wanted.keyset)?;
    let count = match found.more {
        true => format!("{} shown, more exist. Type more to narrow it down.", found.slice.rows.len()),
        false => members(found.found),
    };
    Ok(Listed { slice: found.slice, count, groups })
}

impl IndexPage {
    /// Where no filter is set; nothing where none is.
    fn clear(&self) -> &'static str {
        if self.filters.any() { "/members" } else { "" }
    }
}

fn members(count: i64) -> String {
    if count == 1 { "1 member".to_owned() } else { format!("{} members", filters::grouped(count)) }
}

impl Filters {
    fn any(&self) -> bool {
        !(self.q.trim().is_empty() && self.group.is_empty() && self.blocked.is_empty())
    }

    /// The address of a neighbouring page of the same list.
    fn page(&self, side: &str, key: Option<&String>) -> Option<String> {
        let all = [("q", &self.q), ("group", &self.group), ("blocked", &self.blocked), (side, key?)];
        let set: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        serde_html_form::to_string(set).ok().map(|query| format!("/members?{query}"))
    }

    /// "“anna”, VIP, Blocked".
    fn words(&self, groups: &[(String, String)]) -> String {
        let mut words = Vec::new();
        if !self.q.trim().is_empty() {
            words.push(format!("“{}”", self.q.trim()));
        }
        words.extend(groups.iter().filter(|(id, _)| *id == self.group).map(|(_, name)| name.clone()));
        match self.blocked.as_str() {
            "yes" => words.push("Blocked".into()),
            "no" => words.push("Not blocked".into()),
            _ => {}
        }
        words.join(", ")
    }
}
