//! Settings → **Dashboard users**: the list.

use actix_web::web::Query;
use askama::Template;
use serde::{Deserialize, Serialize};

use super::account::Role;
use super::factor_rule;
use super::invitation::Invitation;
use super::list::{Filters, Line, PAGE};
use crate::db::Db;
use crate::error::AppError;
use crate::groups::search::Searched;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, show};

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct IndexQuery {
    q: String,
    role: String,
    state: String,
    #[serde(skip_serializing)]
    after: Option<String>,
    #[serde(skip_serializing)]
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "accounts/index.html")]
struct IndexPage {
    shell: Shell,
    tab: &'static str,
    query: IndexQuery,
    clear: String,
    count: String,
    lines: Vec<Line>,
    previous: Option<String>,
    next: Option<String>,
    invitations: Vec<Invitation>,
    for_all: bool,
}

/// `GET /settings/dashboard-users`
pub async fn index(shell: Shell, db: Db, query: Query<IndexQuery>) -> PageResult {
    let query = query.into_inner();
    let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
    let filters = query.filters();
    let (count, found, invitations, for_all) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let found = Slice::cut(filters.accounts(conn, &keyset)?, &keyset, PAGE, |row| row.1.clone());
            Ok((filters.count(conn)?, found, Invitation::all(conn)?, factor_rule::for_all(conn)?))
        })
        .await?;
    let line = |row| Line::of(row, &shell.organisation, for_all, shell.account.id);
    show(&IndexPage {
        tab: "dashboard-users",
        clear: if query.is_filtered() { "/settings/dashboard-users".into() } else { String::new() },
        count: if count == 1 { "1 dashboard user".into() } else { format!("{} dashboard users", grouped(count)) },
        previous: found.previous.as_ref().map(|key| query.page("before", key)),
        next: found.next.as_ref().map(|key| query.page("after", key)),
        lines: found.rows.into_iter().map(line).collect(),
        invitations,
        for_all,
        query,
        shell,
    })
}

impl IndexQuery {
    fn filters(&self) -> Filters {
        let disabled = match self.state.as_str() {
            "active" => Some(false),
            "disabled" => Some(true),
            _ => None,
        };
        Filters { text: Searched::parse(&self.q), role: Role::parse(&self.role), disabled }
    }

    fn is_filtered(&self) -> bool {
        let filters = self.filters();
        filters.text.is_some() || filters.role.is_some() || filters.disabled.is_some()
    }

    fn page(&self, side: &str, key: &str) -> String {
        let filters = serde_html_form::to_string(self).unwrap_or_default();
        let page = serde_html_form::to_string([(side, key)]).unwrap_or_default();
        format!("/settings/dashboard-users?{filters}&{page}")
    }
}

impl IndexPage {
    fn roles(&self) -> [Role; 3] {
        Role::ALL
    }

    /// What was searched for, in words.
    fn searched(&self) -> String {
        let filters = self.query.filters();
        let text = filters.text.map(|text| format!("“{}”", text.text()));
        let role = filters.role.map(|role| role.label().to_owned());
        let state = filters.disabled.map(|disabled| if disabled { "Disabled" } else { "Active" }.to_owned());
        [text, role, state].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
