//! A campaign's codes: the list, and how far the worker is with new ones.

use actix_web::web::{Path, Query};
use askama::Template;
use serde::{Deserialize, Serialize};

use super::batches::BatchRow;
use super::counts::{CodeCounts, Orders};
use super::list::{CodeFilter, CodeRow, Found};
use super::owner::CodeOwner;
use super::state::CodeState;
use super::text::CodeText;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::{CampaignId, CodeBatchId};
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct IndexQuery {
    q: String,
    state: String,
    batch: String,
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
    batch: Option<BatchRow>,
    found: Found,
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
    let typed = query.clone();
    let (owner, orders, counts, batch, found, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let owner = CodeOwner::find(conn, id)?;
            let (orders, counts) = (Orders::of(conn, id)?, CodeCounts::kept(conn, id, None)?);
            let batch = typed.batch().map(|batch| BatchRow::find(conn, id, batch)).transpose()?;
            let Some(filter) = typed.filter(id).map(|filter| filter.knowing(&counts)) else {
                let none = Slice { rows: Vec::new(), previous: None, next: None };
                return Ok((owner, orders, counts, batch, Found::Exactly(0), none));
            };
            let found = filter.found(conn, &counts)?;
            Ok((owner, orders, counts, batch, found, filter.page(conn, &keyset)?))
        })
        .await?;
    show(&IndexPage { shell, owner, query, orders, counts, batch, found, slice })
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
        let state = CodeState::parse(&self.state);
        Some(CodeFilter { campaign, begins, state, batch: self.batch(), few_used: false })
    }

    fn batch(&self) -> Option<CodeBatchId> {
        self.batch.parse().ok()
    }

    fn is_filtered(&self) -> bool {
        !self.q.trim().is_empty() || CodeState::parse(&self.state).is_some() || self.batch().is_some()
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
        let batch = self.batch.as_ref().map(BatchRow::title);
        typed.into_iter().chain(state).chain(batch).collect::<Vec<_>>().join(", ")
    }

    fn is_low(&self) -> bool {
        self.owner.low_stock.is_some_and(|limit| self.counts.unused < limit.into()) && !self.owner.is_draft()
    }

    fn print_path(&self) -> String {
        format!("{}?batch={}", self.owner.print_path(), self.query.batch)
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
