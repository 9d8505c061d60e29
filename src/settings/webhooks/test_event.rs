//! **Send test event**.

use actix_web::web::Path;

use super::entry::{NoFields, try_at_once};
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::web::{Flash, Form, PageResult, Shell, see_other_with};
use crate::webhooks::event::Event;
use crate::webhooks::{Webhook, keep_order};

/// `POST /settings/webhooks/{webhook}/test`
pub async fn create(shell: Shell, db: Db, id: Path<i64>, _: Form<NoFields>) -> PageResult {
    let (id, actor, now) = (*id, shell.actor(), shell.now);
    let told = format!("A test event of {}", shell.organisation.name);
    let (hook, event) = db
        .write(move |conn| -> Result<_, AppError> {
            keep_order(conn)?;
            let hook = Webhook::lock(conn, id)?;
            if !hook.is_on() {
                return Ok((hook, None));
            }
            let event = Event::test(conn, id, &told, now)?;
            try_at_once(conn, id)?;
            let change = Change { action: "webhook test event sent", before: None, after: None };
            audit::append(conn, &actor, now, &hook.subject(), &change)?;
            Ok((hook, Some(event)))
        })
        .await?;
    match event {
        None => see_other_with(hook.path(), &Flash::warning("Enable the webhook first: nothing is sent to it.")),
        Some(event) => see_other_with(
            format!("{}/deliveries/{event}", hook.path()),
            &Flash::success("The test event is on its way. Reload the page to see what was answered."),
        ),
    }
}
