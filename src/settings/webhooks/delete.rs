//! **Delete** a webhook.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::entry::NoFields;
use super::form::Wanted;
use super::index::PATH;
use super::list::Counts;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::webhook;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};
use crate::webhooks::{Webhook, keep_order};

#[derive(Template)]
#[template(path = "settings/webhooks/delete.html")]
struct DeletePage {
    shell: Shell,
    hook: Webhook,
    counts: Counts,
}

/// `GET /settings/webhooks/{webhook}/deletion`: what it would do.
pub async fn ask(shell: Shell, db: Db, id: Path<i64>) -> PageResult {
    let id = *id;
    let (hook, counts) =
        db.read(move |conn| -> Result<_, AppError> { Ok((Webhook::find(conn, id)?, Counts::of(conn, id)?)) }).await?;
    show(&DeletePage { shell, hook, counts })
}

/// `POST /settings/webhooks/{webhook}/deletion`
pub async fn create(shell: Shell, db: Db, id: Path<i64>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let name = db
        .write(move |conn| -> Result<_, AppError> {
            keep_order(conn)?;
            let hook = Webhook::lock(conn, id)?;
            diesel::delete(webhook::table.find(id)).execute(conn)?;
            let before = Some(Wanted::of(&hook).values());
            let change = Change { action: "webhook deleted", before, after: None };
            audit::append(conn, &actor, now, &hook.subject(), &change)?;
            Ok(hook.name().to_owned())
        })
        .await?;
    see_other_with(PATH, &Flash::success(format!("{name} is deleted, with its deliveries.")))
}

impl DeletePage {
    fn action(&self) -> String {
        format!("{}/deletion", self.hook.path())
    }
}
