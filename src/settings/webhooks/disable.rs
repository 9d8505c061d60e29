//! **Disable** and **Enable**.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Timestamptz};
use serde_json::json;

use super::entry::NoFields;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::webhook;
use crate::web::filters::grouped;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with, show};
use crate::webhooks::event::KEPT_DAYS;
use crate::webhooks::give_up::disable;
use crate::webhooks::{Webhook, keep_order};

#[derive(Template)]
#[template(path = "settings/webhooks/disable.html")]
struct DisablePage {
    shell: Shell,
    hook: Webhook,
}

/// `GET /settings/webhooks/{webhook}/disabling`: what it would do.
pub async fn ask(shell: Shell, db: Db, id: Path<i64>) -> PageResult {
    let id = *id;
    let hook = db.read(move |conn| -> Result<_, AppError> { Ok(Webhook::find(conn, id)?) }).await?;
    show(&DisablePage { shell, hook })
}

/// `POST /settings/webhooks/{webhook}/disabling`
pub async fn create(shell: Shell, db: Db, id: Path<i64>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let hook = db
        .write(move |conn| -> Result<_, AppError> {
            keep_order(conn)?;
            let hook = Webhook::lock(conn, id)?;
            if hook.is_on() {
                disable(conn, id, "user", now)?;
                let change = Change { action: "webhook disabled", before: None, after: None };
                audit::append(conn, &actor, now, &hook.subject(), &change)?;
            }
            Ok(hook)
        })
        .await?;
    let flash = if hook.is_on() {
        Flash::success("The webhook is disabled. What happens is kept for it.")
    } else {
        Flash::warning("The webhook was disabled already.")
    };
    see_other_with(hook.path(), &flash)
}

/// `POST /settings/webhooks/{webhook}/enabling`: what happened meanwhile is sent now.
pub async fn destroy(shell: Shell, db: Db, id: Path<i64>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let (hook, missed) = db
        .write(move |conn| -> Result<_, AppError> {
            keep_order(conn)?;
            let hook = Webhook::lock(conn, id)?;
            if hook.is_on() {
                return Ok((hook, None));
            }
            let missed = enable(conn, id, now)?;
            let change =
                Change { action: "webhook enabled", before: None, after: Some(json!({ "missed_events": missed })) };
            audit::append(conn, &actor, now, &hook.subject(), &change)?;
            Ok((hook, Some(missed)))
        })
        .await?;
    let flash = match missed {
        None => Flash::warning("The webhook was enabled already."),
        Some(0) => Flash::success("The webhook is enabled."),
        Some(missed) => {
            let missed = grouped(i64::try_from(missed).unwrap_or(i64::MAX));
            Flash::success(format!("The webhook is enabled. What happened meanwhile is sent now ({missed})."))
        }
    };
    see_other_with(hook.path(), &flash)
}

/// Catches up on what it missed; how much that was.
fn enable(conn: &mut PgConnection, id: i64, now: DateTime<Utc>) -> QueryResult<usize> {
    let missed = sql_query(
        "INSERT INTO webhook_delivery (webhook_id, event_id, next_attempt_at)
         SELECT webhook.id, event.id, $2 FROM webhook JOIN webhook_event AS event ON kinds = '{}' OR event.kind = ANY (kinds)
         WHERE webhook.id = $1 AND event.id > disabled_after AND event.kind <> 'webhook.test' ON CONFLICT DO NOTHING",
    )
    .bind::<BigInt, _>(id)
    .bind::<Timestamptz, _>(now)
    .execute(conn)?;
    diesel::update(webhook::table.find(id))
        .set((
            webhook::disabled_at.eq(None::<DateTime<Utc>>),
            webhook::disabled_why.eq(None::<String>),
            webhook::disabled_after.eq(None::<i64>),
            webhook::failing_since.eq(None::<DateTime<Utc>>),
            webhook::rest_until.eq(None::<DateTime<Utc>>),
            webhook::failures.eq(0),
        ))
        .execute(conn)?;
    Ok(missed)
}

impl DisablePage {
    fn action(&self) -> String {
        format!("{}/disabling", self.hook.path())
    }

    fn kept_days(&self) -> i64 {
        KEPT_DAYS
    }
}
