//! The list of keys.

use askama::Template;

use super::list::KeyRow;
use crate::db::Db;
use crate::error::AppError;
use crate::web::{PageResult, Shell, filters, show};

/// Address of the list.
pub(super) const PATH: &str = "/settings/api-keys";

#[derive(Template)]
#[template(path = "settings/api_keys/index.html")]
struct IndexPage {
    shell: Shell,
    tab: &'static str,
    keys: Vec<KeyRow>,
}

/// `GET /settings/api-keys`
pub async fn index(shell: Shell, db: Db) -> PageResult {
    let keys = db.read(move |conn| -> Result<_, AppError> { Ok(KeyRow::all(conn)?) }).await?;
    show(&IndexPage { shell, tab: "api-keys", keys })
}
