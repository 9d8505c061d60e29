//! **Find**: a member by phone, e-mail, name, member number, code or card, at `/user-support`.

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::lookup::{CodeHit, Lookup};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::MemberId;
use crate::members::MemberRow;
use crate::members::member::support_path;
use crate::members::search::{self, Matches, MemberFilter};
use crate::members::search_words::SearchWords;
use crate::web::filters;
use crate::web::{Keyset, PageResult, Shell, Slice, see_other, show};

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Find {
    #[serde(default)]
    q: String,
    #[serde(flatten)]
    keyset: Keyset,
}

/// What was found.
#[derive(Debug, Default)]
struct Found {
    /// Exactly these: opened at once if it is one.
    exact: Vec<MemberRow>,
    code: Option<CodeHit>,
    used_by: Vec<MemberRow>,
    matches: Option<Matches>,
}

#[derive(Template)]
#[template(path = "support/find.html")]
struct FindPage {
    shell: Shell,
    q: String,
    found: Found,
}

#[derive(Template)]
#[template(path = "support/results.html")]
struct Results {
    shell: Shell,
    q: String,
    found: Found,
}

/// `GET /user-support`: the page, or for a box that is being typed into, the results alone.
pub async fn index(req: HttpRequest, shell: Shell, db: Db, find: Query<Find>) -> PageResult {
    let Find { q, keyset } = find.into_inner();
    let typing = req.headers().contains_key("hx-request");
    let found = look(&db, &shell, q.clone(), keyset, typing).await?;
    match found.only() {
        Some(member) if typing => opened_by_script(member),
        Some(member) => see_other(support_path(member)),
        None if typing => show(&Results { shell, q, found }),
        None => show(&FindPage { shell, q, found }),
    }
}

async fn look(db: &Db, shell: &Shell, q: String, keyset: Keyset, typing: bool) -> Result<Found, AppError> {
    if q.trim().is_empty() {
        return Ok(Found::default());
    }
    let lookup = Lookup::parse(&q, &shell.organisation.phone_region);
    let filter = MemberFilter { words: SearchWords::parse_for(&q, shell.sight()), ..MemberFilter::default() };
    db.read(move |conn| {
        let hits = if keyset.key().is_none() { lookup.run(conn)? } else { Default::default() };
        let mut found = Found { exact: MemberRow::of(conn, &hits.members)?, code: hits.code, ..Found::default() };
        // while one types, a whole number may still become a longer one: then all are shown
        if found.exact.len() == 1 && !typing {
            return Ok(found);
        }
        if let Some(code) = &found.code {
            found.used_by = MemberRow::of(conn, &code.used_by)?;
        }
        if !filter.words.is_empty() {
            found.matches = Some(search::search(conn, &filter, &keyset)?);
        }
        Ok(found)
    })
    .await
}

impl Found {
    /// The one member that is meant for sure.
    fn only(&self) -> Option<MemberId> {
        let [only] = self.exact.as_slice() else { return None };
        let others = self.matches.iter().flat_map(|matches| &matches.slice.rows).any(|row| row.id != only.id);
        (!others).then_some(only.id)
    }

    /// Those that are meant exactly, then those who used the code, then those that match.
    fn rows(&self) -> Vec<&MemberRow> {
        let matches = self.matches.iter().flat_map(|matches| &matches.slice.rows);
        let mut rows: Vec<&MemberRow> = Vec::new();
        for row in self.exact.iter().chain(&self.used_by).chain(matches) {
            if !rows.iter().any(|known| known.id == row.id) {
                rows.push(row);
            }
        }
        rows
    }

    /// "3 members", or that there are more than can be shown.
    fn count(&self) -> String {
        let shown = self.rows().len();
        match &self.matches {
            Some(matches) if matches.more => format!("{shown} shown, more exist. Type more to narrow it down."),
            Some(matches) if matches.found > 50 => format!("{} members", filters::grouped(matches.found)),
            _ if shown == 1 => "1 member".to_owned(),
            _ => format!("{shown} members"),
        }
    }

    fn slice(&self) -> Option<&Slice<MemberRow>> {
        self.matches.as_ref().map(|matches| &matches.slice)
    }
}

/// The address of a neighbouring page.
pub fn address(q: &str, side: &str, key: Option<&String>) -> Option<String> {
    let query = serde_html_form::to_string([("q", q), (side, key?.as_str())]).ok()?;
    Some(format!("/user-support?{query}"))
}

fn opened_by_script(member: MemberId) -> PageResult {
    let path = HeaderValue::from_str(&support_path(member)).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok().insert_header((HeaderName::from_static("hx-redirect"), path)).finish())
}
