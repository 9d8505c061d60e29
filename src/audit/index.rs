//! Settings → **Audit log**: every act of staff, who, when, from where, what, before → after.

use actix_web::web::Query;
use askama::Template;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::changes::FieldChange;
use super::list::{self, EntryFilter, EntryRow, KINDS, PAGE};
use super::verify;
use crate::db::Db;
use crate::error::AppError;
use crate::settings::Organisation;
use crate::web::filters::{self, grouped};
use crate::web::{Keyset, PageResult, Shell, Slice, local_time, show};

pub(super) const PATH: &str = "/settings/audit-log";

/// What stands in the address. A value that makes no sense filters nothing.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct LogQuery {
    q: String,
    who: String,
    about: String,
    from: String,
    to: String,
    #[serde(skip_serializing)]
    after: Option<String>,
    #[serde(skip_serializing)]
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "audit/index.html")]
struct LogPage {
    shell: Shell,
    tab: &'static str,
    query: LogQuery,
    accounts: Vec<(String, String)>,
    total: i64,
    slice: Slice<EntryRow>,
}

/// `GET /settings/audit-log`
pub async fn index(shell: Shell, db: Db, query: Query<LogQuery>) -> PageResult {
    let query = query.into_inner();
    let keyset = Keyset { after: query.after.clone(), before: query.before.clone() };
    let filter = query.filter(&shell.organisation);
    let (accounts, head, slice) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let rows = filter.rows(conn, &keyset, PAGE)?;
            let slice = Slice::cut(rows, &keyset, PAGE, |row| row.id.to_string());
            Ok((list::accounts(conn)?, verify::head(conn)?, slice))
        })
        .await?;
    let accounts = accounts.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    show(&LogPage { shell, tab: "audit-log", query, accounts, total: head.last_id, slice })
}

impl LogQuery {
    /// As the database is asked.
    pub(super) fn filter(&self, organisation: &Organisation) -> EntryFilter {
        let day = |raw: &str| local_time::parse_day(raw).ok().flatten();
        let text: String = self.q.trim().chars().filter(|c| *c != '\0').take(200).collect();
        EntryFilter {
            text: (!text.is_empty()).then_some(text),
            account: Uuid::try_parse(&self.who).ok(),
            kind: KINDS.iter().find(|(key, _)| *key == self.about).map(|(key, _)| (*key).to_owned()),
            from: day(&self.from).map(|day| local_time::first_moment(day, organisation.zone)),
            until: day(&self.to)
                .and_then(|day| day.succ_opt())
                .map(|day| local_time::first_moment(day, organisation.zone)),
        }
    }

    fn is_filtered(&self) -> bool {
        [&self.q, &self.who, &self.about, &self.from, &self.to].into_iter().any(|value| !value.trim().is_empty())
    }

    fn address(&self) -> String {
        serde_html_form::to_string(self).unwrap_or_default()
    }
}

impl LogPage {
    fn kinds(&self) -> [(&'static str, &'static str); 9] {
        KINDS
    }

    fn clear(&self) -> &'static str {
        if self.query.is_filtered() { PATH } else { "" }
    }

    fn count(&self) -> String {
        let total = if self.total == 1 { "1 entry".into() } else { format!("{} entries", grouped(self.total)) };
        if self.query.is_filtered() { format!("of {total}") } else { total }
    }

    fn export(&self) -> String {
        format!("{PATH}/export.csv?{}", self.query.address())
    }

    fn page(&self, side: &str, key: &Option<String>) -> Option<String> {
        key.as_ref().map(|key| format!("{PATH}?{}&{side}={key}", self.query.address()))
    }

    fn previous(&self) -> Option<String> {
        self.page("before", &self.slice.previous)
    }

    fn next(&self) -> Option<String> {
        self.page("after", &self.slice.next)
    }

    /// With what each changed, worked out once.
    fn rows(&self) -> Vec<(&EntryRow, Vec<FieldChange>)> {
        self.slice.rows.iter().map(|row| (row, row.changes(&self.shell.organisation, self.shell.sight()))).collect()
    }
}
