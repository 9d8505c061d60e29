//! The list of webhooks.

use askama::Template;

use super::list::Line;
use crate::db::Db;
use crate::error::AppError;
use crate::web::{PageResult, Shell, filters, show};
use crate::webhooks::webhook::MOST;

/// Address of the list.
pub(super) const PATH: &str = "/settings/webhooks";

#[derive(Template)]
#[template(path = "settings/webhooks/index.html")]
struct IndexPage {
    shell: Shell,
    tab: &'static str,
    lines: Vec<Line>,
}

/// `GET /settings/webhooks`
pub async fn index(shell: Shell, db: Db) -> PageResult {
    let lines = db.snapshot(move |conn| -> Result<_, AppError> { Ok(Line::all(conn)?) }).await?;
    show(&IndexPage { shell, tab: "webhooks", lines })
}

impl IndexPage {
    fn is_full(&self) -> bool {
        i64::try_from(self.lines.len()).is_ok_and(|count| count >= MOST)
    }
}
