//! Settings → **User Groups**: the list.

use actix_web::web::Query;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::list::{Filters, Line, PAGE};
use super::search::Searched;
use super::{GroupKind, GroupState};
use crate::db::Db;
use crate::error::AppError;
use crate::web::filters::grouped;
use crate::web::{Keyset, PageResult, Shell, Slice, show};

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct IndexQuery {
    q: String,
    state: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(skip_serializing)]
    after: Option<String>,
    #[serde(skip_serializing)]
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "groups/index.html")]
struct IndexPage {
    shell: Shell,
    tab: &'static str,
    query: IndexQuery,
    clear: String,
    count: String,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
}

/// `GET /settings/user-groups`
pub async fn index(shell: Shell, db: Db, query: Query<IndexQuery>) -> PageResult {
    let query = query.into_inner();
    let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
    let (filters, now, organisation) = (query.filters(), shell.now, shell.organisation.clone());
    let (count, lines) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let lines = filters.lines(conn, &keyset, &organisation, now)?;
            Ok((filters.count(conn, now)?, Slice::cut(lines, &keyset, PAGE, |line: &Line| line.name.clone())))
        })
        .await?;
    show(&IndexPage {
        tab: "user-groups",
        clear: if query.is_filtered() { "/settings/user-groups".into() } else { String::new() },
        count: if count == 1 { "1 group".into() } else { format!("{} groups", grouped(count)) },
        previous: lines.previous.as_ref().map(|key| query.page("before", key)),
        next: lines.next.as_ref().map(|key| query.page("after", key)),
        lines: lines.rows,
        query,
        shell,
    })
}

impl IndexQuery {
    fn filters(&self) -> Filters {
        Filters {
            name: Searched::parse(&self.q),
            state: GroupState::parse(&self.state),
            kind: GroupKind::parse(&self.kind),
        }
    }

    fn is_filtered(&self) -> bool {
        let filters = self.filters();
        filters.name.is_some() || filters.state.is_some() || filters.kind.is_some()
    }

    fn page(&self, side: &str, key: &str) -> String {
        let filters = serde_html_form::to_string(self).unwrap_or_default();
        let page = serde_html_form::to_string([(side, key)]).unwrap_or_default();
        format!("/settings/user-groups?{filters}&{page}")
    }
}

impl IndexPage {
    fn states(&self) -> [GroupState; 3] {
        GroupState::ALL
    }

    fn kinds(&self) -> [GroupKind; 3] {
        GroupKind::ALL
    }

    /// What was searched for, in words.
    fn searched(&self) -> String {
        let filters = self.query.filters();
        let name = filters.name.map(|name| format!("“{}”", name.text()));
        let state = filters.state.map(|state| state.label().to_owned());
        let kind = filters.kind.map(|kind| kind.label().to_owned());
        [name, state, kind].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
