//! One event on its way: what is sent, and what came of it; **Resend**.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::log::Entry;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::{webhook, webhook_delivery};
use crate::web::{Flash, Form, PageResult, Shell, filters, see_other_with, show};
use crate::webhooks::Webhook;
use crate::webhooks::event::Event;

#[derive(Template)]
#[template(path = "settings/webhooks/entry.html")]
struct EntryPage {
    shell: Shell,
    hook: Webhook,
    entry: Entry,
    event: Event,
}

/// Nothing but the token.
#[derive(Debug, Deserialize)]
pub struct NoFields {}

/// `GET /settings/webhooks/{webhook}/deliveries/{event}`
pub async fn show_entry(shell: Shell, db: Db, path: Path<(i64, i64)>) -> PageResult {
    let (id, event) = *path;
    let (hook, entry, event) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            Ok((Webhook::find(conn, id)?, Entry::find(conn, id, event)?, Event::find(conn, event)?))
        })
        .await?;
    show(&EntryPage { shell, hook, entry, event })
}

/// `POST /settings/webhooks/{webhook}/deliveries/{event}`
pub async fn resend(shell: Shell, db: Db, path: Path<(i64, i64)>, _: Form<NoFields>) -> PageResult {
    let ((id, event), actor, now) = (*path, shell.actor(), shell.now);
    let hook = db
        .write(move |conn| -> Result<_, AppError> {
            let hook = Webhook::lock(conn, id)?;
            Entry::find(conn, id, event)?;
            diesel::update(webhook_delivery::table.find((id, event)))
                .set((
                    webhook_delivery::state.eq("queued"),
                    webhook_delivery::attempts.eq(0),
                    webhook_delivery::next_attempt_at.eq(now),
                    webhook_delivery::leased_until.eq(None::<chrono::DateTime<chrono::Utc>>),
                ))
                .execute(conn)?;
            try_at_once(conn, id)?;
            let change =
                Change { action: "webhook event resent", before: None, after: Some(json!({ "event": event })) };
            audit::append(conn, &actor, now, &hook.subject(), &change)?;
            Ok(hook)
        })
        .await?;
    let words = format!("Event {event} is sent again, with the same webhook-id.");
    let flash = if hook.is_on() {
        Flash::success(words)
    } else {
        Flash::warning(format!("{words} It waits until the webhook is enabled."))
    };
    see_other_with(format!("{}/deliveries/{event}", hook.path()), &flash)
}

/// Whoever asks for an attempt shall not wait for the end of a rest.
pub(super) fn try_at_once(conn: &mut PgConnection, id: i64) -> QueryResult<()> {
    diesel::update(webhook::table.find(id))
        .set(webhook::rest_until.eq(None::<chrono::DateTime<chrono::Utc>>))
        .execute(conn)
        .map(|_| ())
}

impl EntryPage {
    fn title(&self) -> String {
        format!("Event {}", self.event.id)
    }

    fn path(&self) -> String {
        format!("{}/deliveries/{}", self.hook.path(), self.event.id)
    }

    fn body(&self) -> String {
        let body: serde_json::Value = serde_json::from_str(&self.event.body()).unwrap_or_default();
        serde_json::to_string_pretty(&body).unwrap_or_default()
    }
}
