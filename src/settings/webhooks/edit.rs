//! **Edit** a webhook.

use actix_web::web::{Data, Path};
use askama::Template;
use diesel::prelude::*;

use super::form::{Wanted, WebhookForm};
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::schema::webhook;
use crate::serve::Muster;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};
use crate::webhooks::{Webhook, keep_order};

#[derive(Template)]
#[template(path = "settings/webhooks/edit.html")]
struct EditPage {
    shell: Shell,
    hook: Webhook,
    form: WebhookForm,
    errors: FieldErrors,
}

/// `GET /settings/webhooks/{webhook}/edit`
pub async fn edit(shell: Shell, muster: Data<Muster>, id: Path<i64>) -> PageResult {
    let hook = load(&muster, *id).await?;
    let form = WebhookForm::of(&hook);
    show(&EditPage { shell, hook, form, errors: FieldErrors::new() })
}

/// `POST /settings/webhooks/{webhook}`
pub async fn update(shell: Shell, muster: Data<Muster>, id: Path<i64>, form: Form<WebhookForm>) -> PageResult {
    match save(&muster, &shell, *id, &form.typed).await {
        Ok(hook) => see_other_with(hook.path(), &Flash::success("Webhook saved.")),
        Err(SaveError::Rejected(errors)) => {
            let hook = load(&muster, *id).await?;
            rejected(&EditPage { shell, hook, form: form.typed, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(muster: &Muster, id: i64) -> Result<Webhook, AppError> {
    muster.db.read(move |conn| Ok(Webhook::find(conn, id)?)).await
}

async fn save(muster: &Muster, shell: &Shell, id: i64, form: &WebhookForm) -> Result<Webhook, SaveError> {
    let wanted = form.parse(muster.config.webhooks);
    let (actor, now) = (shell.actor(), shell.now);
    muster
        .db
        .write(move |conn| -> Result<_, SaveError> {
            keep_order(conn)?;
            // one that is not there is not found, whatever was typed
            let before = Webhook::lock(conn, id)?;
            let wanted = wanted?;
            let values = (Wanted::of(&before).values(), wanted.values());
            diesel::update(webhook::table.find(id))
                .set((
                    webhook::url.eq(&wanted.url),
                    webhook::description.eq(&wanted.description),
                    webhook::kinds.eq(&wanted.kinds),
                    // another address may do better at once
                    webhook::rest_until.eq(None::<chrono::DateTime<chrono::Utc>>),
                ))
                .execute(conn)?;
            let hook = Webhook::find(conn, id)?;
            if values.0 != values.1 {
                let change = Change { action: "webhook changed", before: Some(values.0), after: Some(values.1) };
                audit::append(conn, &actor, now, &hook.subject(), &change)?;
            }
            Ok(hook)
        })
        .await
}
