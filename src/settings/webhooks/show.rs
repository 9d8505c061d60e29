//! A webhook's page: what it is, how it does, and its deliveries.

use actix_web::web::{Path, Query};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::list::Counts;
use super::log::{Entry, STATES};
use crate::db::Db;
use crate::error::AppError;
use crate::web::{Keyset, PageResult, Shell, Slice, filters, show};
use crate::webhooks::Webhook;

/// What stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LogQuery {
    state: String,
    after: Option<String>,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "settings/webhooks/show.html")]
struct ShowPage {
    shell: Shell,
    hook: Webhook,
    counts: Counts,
    state: String,
    slice: Slice<Entry>,
}

/// `GET /settings/webhooks/{webhook}`
pub async fn show_webhook(shell: Shell, db: Db, id: Path<i64>, query: Query<LogQuery>) -> PageResult {
    let (id, LogQuery { state, after, before }) = (*id, query.into_inner());
    let keyset = Keyset { after, before };
    let (hook, counts, state, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let hook = Webhook::find(conn, id)?;
            let slice = Entry::page(conn, id, &state, &keyset)?;
            Ok((hook, Counts::of(conn, id)?, state, slice))
        })
        .await?;
    show(&ShowPage { shell, hook, counts, state, slice })
}

impl ShowPage {
    fn test_path(&self) -> String {
        format!("{}/test", self.hook.path())
    }

    fn enable_path(&self) -> String {
        format!("{}/enabling", self.hook.path())
    }

    fn old_secret_until(&self) -> Option<DateTime<Utc>> {
        self.hook.old_until.filter(|until| *until > self.shell.now)
    }

    fn states(&self) -> [(&'static str, &'static str); 3] {
        STATES
    }

    fn chosen(&self) -> Option<&'static str> {
        STATES.iter().find(|(key, _)| *key == self.state).map(|(_, label)| *label)
    }

    fn clear(&self) -> String {
        self.chosen().map_or_else(String::new, |_| self.hook.path())
    }

    fn page(&self, side: &str, key: &Option<String>) -> Option<String> {
        let state = self.chosen().map_or("", |_| self.state.as_str());
        key.as_ref().map(|key| format!("{}?state={state}&{side}={key}", self.hook.path()))
    }

    fn previous(&self) -> Option<String> {
        self.page("before", &self.slice.previous)
    }

    fn next(&self) -> Option<String> {
        self.page("after", &self.slice.next)
    }
}
