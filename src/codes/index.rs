//! A campaign's codes: the list, and how far the worker is with new ones.

use actix_web::web::{Path, Query};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::counts::{CodeCounts, Orders};
use super::list::{CodeFilter, CodeRow};
use super::owner::CodeOwner;
use super::state::CodeState;
use super::text::CodeText;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters::grouped;
use crate::web::{Keyset, PageResult, Shell, Slice, show};

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct IndexQuery {
    q: String,
    state: String,
    #[serde(skip_serializing)]
    after: Option<String>,
    #[serde(skip_serializing)]
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "codes/index.html")]
struct IndexPage {
    shell: Shell,
    owner: CodeOwner,
    query: IndexQuery,
    orders: Orders,
    counts: CodeCounts,
    found: i64,
    slice: Slice<CodeRow>,
}

#[derive(Template)]
#[template(path = "codes/progress.html")]
struct ProgressPart {
    owner: CodeOwner,
    orders: Orders,
}

/// A number that leads to the codes it counts.
struct Figure {
    name: String,
    number: String,
    href: String,
}

/// `GET /campaigns/{id}/codes`
pub async fn index(shell: Shell, db: Db, id: Path<CampaignId>, query: Query<IndexQuery>) -> PageResult {
    let (id, query) = (*id, query.into_inner());
    let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
    let filter = query.filter(id);
    let (owner, orders, counts, found, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let owner = CodeOwner::find(conn, id)?;
            let orders = Orders::of(conn, id)?;
            let counts = CodeCounts::of(conn, &owner, orders)?;
            let Some(filter) = filter else {
                return Ok((owner, orders, counts, 0, Slice { rows: Vec::new(), previous: None, next: None }));
            };
            let found = if filter.begins.is_some() { filter.count(conn)? } else { counts.get(filter.state) };
            Ok((owner, orders, counts, found, filter.page(conn, &keyset)?))
        })
        .await?;
    show(&IndexPage { shell, owner, query, orders, counts, found, slice })
}

/// `GET /campaigns/{id}/codes/progress`: a part of the page, as it is now.
pub async fn progress(db: Db, id: Path<CampaignId>) -> PageResult {
    let id = *id;
    let (owner, orders) =
        db.read(move |conn| -> Result<_, AppError> { Ok((CodeOwner::find(conn, id)?, Orders::of(conn, id)?)) }).await?;
    show(&ProgressPart { owner, orders })
}

impl IndexQuery {
    /// None: what was typed cannot be the beginning of a code, so nothing is found.
    pub(super) fn filter(&self, campaign: CampaignId) -> Option<CodeFilter> {
        let begins = if self.q.trim().is_empty() { None } else { Some(CodeText::parse(&self.q).ok()?) };
        Some(CodeFilter { campaign, begins, state: CodeState::parse(&self.state) })
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || CodeState::parse(&self.state).is_some()
    }

    fn address(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

impl IndexPage {
    fn states(&self) -> [CodeState; 3] {
        CodeState::ALL
    }

    fn figures(&self) -> Vec<Figure> {
        let path = self.owner.codes_path();
        let figure =
            |name: &str, state, href| Figure { name: name.into(), number: grouped(self.counts.get(state)), href };
        let states = CodeState::ALL
            .into_iter()
            .map(|state| figure(state.label(), Some(state), format!("{path}?state={}", state.key())));
        std::iter::once(figure("Codes", None, path.clone())).chain(states).collect()
    }

    fn clear(&self) -> String {
        if self.query.is_filtered() { self.owner.codes_path() } else { String::new() }
    }

    fn searched(&self) -> String {
        let q = self.query.q.trim();
        let typed = if q.is_empty() { None } else { Some(format!("“{q}”")) };
        let state = CodeState::parse(&self.query.state).map(|state| state.label().to_owned());
        typed.into_iter().chain(state).collect::<Vec<_>>().join(", ")
    }

    fn count(&self) -> String {
        if self.found == 1 { "1 code".into() } else { format!("{} codes", grouped(self.found)) }
    }

    fn export_path(&self) -> String {
        format!("{}/export.csv?{}", self.owner.codes_path(), self.query.address())
    }

    fn page(&self, side: &str, key: &Option<String>) -> Option<String> {
        key.as_ref().map(|key| format!("{}?{}&{side}={key}", self.owner.codes_path(), self.query.address()))
    }

    fn previous(&self) -> Option<String> {
        self.page("before", &self.slice.previous)
    }

    fn next(&self) -> Option<String> {
        self.page("after", &self.slice.next)
    }
}
