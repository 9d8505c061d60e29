//! **Overview**: how the programme does.

use askama::Template;

use super::attention::{self, Attention};
use super::figures::{self, Figures};
use crate::db::Db;
use crate::error::AppError;
use crate::web::filters;
use crate::web::{PageResult, Shell, show};

#[derive(Template)]
#[template(path = "overview/index.html")]
struct IndexPage {
    shell: Shell,
    figures: Figures,
    attention: Attention,
}

/// `GET /`
pub async fn index(shell: Shell, db: Db) -> PageResult {
    let (now, zone) = (shell.now, shell.zone());
    let (figures, attention) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            Ok((figures::load(conn, now)?, attention::load(conn, now, zone)?))
        })
        .await?;
    show(&IndexPage { shell, figures, attention })
}
