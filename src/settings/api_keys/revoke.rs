//! **Revoke**: the key works no more.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;

use super::index::PATH;
use super::list::KeyRow;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::api_key;
use crate::web::{Flash, Form, PageResult, Shell, filters, see_other_with, show};

#[derive(Template)]
#[template(path = "settings/api_keys/revoke.html")]
struct RevokePage {
    shell: Shell,
    key: KeyRow,
}

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub struct NoFields {}

/// `GET /settings/api-keys/{key}/revocation`: what it would do.
pub async fn new(shell: Shell, db: Db, id: Path<i64>) -> PageResult {
    let id = *id;
    let key = db.read(move |conn| -> Result<_, AppError> { Ok(KeyRow::find(conn, id)?) }).await?;
    show(&RevokePage { shell, key })
}

/// `POST /settings/api-keys/{key}/revocation`
pub async fn create(shell: Shell, db: Db, id: Path<i64>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let (key, revoked) = db
        .write(move |conn| -> Result<_, AppError> {
            let key = KeyRow::lock(conn, id)?;
            if !key.is_live() {
                return Ok((key, false));
            }
            diesel::update(api_key::table.find(id)).set(api_key::revoked_at.eq(now)).execute(conn)?;
            let change = Change { action: "API key revoked", before: None, after: None };
            audit::append(conn, &actor, now, &key.subject(), &change)?;
            Ok((key, true))
        })
        .await?;
    let flash = if revoked {
        Flash::success(format!("{} is revoked. Whoever uses it is refused from now on.", key.name))
    } else {
        Flash::warning(format!("{} was revoked already.", key.name))
    };
    see_other_with(PATH, &flash)
}

impl RevokePage {
    fn action(&self) -> String {
        format!("{PATH}/{}/revocation", self.key.id)
    }
}
