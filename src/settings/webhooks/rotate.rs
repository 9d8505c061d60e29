//! **Rotate secret**: a new one, and some time in which the one before signs too.

use actix_web::web::{Data, Path};
use askama::Template;
use chrono::Duration;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::made::MadePage;
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::schema::webhook;
use crate::serve::Muster;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, show};
use crate::webhooks::{Secret, Webhook};

const OVERLAPS: [(&str, &str, i64); 4] =
    [("0", "It stops now", 0), ("1", "1 hour", 1), ("24", "24 hours", 24), ("168", "7 days", 168)];

/// As chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RotateForm {
    overlap: String,
}

#[derive(Template)]
#[template(path = "settings/webhooks/rotate.html")]
struct RotatePage {
    shell: Shell,
    hook: Webhook,
    form: RotateForm,
    errors: FieldErrors,
}

/// `GET /settings/webhooks/{webhook}/secret`
pub async fn new(shell: Shell, muster: Data<Muster>, id: Path<i64>) -> PageResult {
    let hook = load(&muster, *id).await?;
    show(&RotatePage { shell, hook, form: RotateForm { overlap: "24".into() }, errors: FieldErrors::new() })
}

/// `POST /settings/webhooks/{webhook}/secret`: the answer itself shows the secret.
pub async fn create(shell: Shell, muster: Data<Muster>, id: Path<i64>, form: Form<RotateForm>) -> PageResult {
    match save(&muster, &shell, *id, &form.typed).await {
        Ok(made) => show(&made),
        Err(SaveError::Rejected(errors)) => {
            let hook = load(&muster, *id).await?;
            rejected(&RotatePage { shell, hook, form: form.typed, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(muster: &Muster, id: i64) -> Result<Webhook, AppError> {
    muster.db.read(move |conn| Ok(Webhook::find(conn, id)?)).await
}

async fn save(muster: &Muster, shell: &Shell, id: i64, form: &RotateForm) -> Result<MadePage, SaveError> {
    let overlap = OVERLAPS.iter().find(|(key, _, _)| *key == form.overlap);
    let (_, words, hours) =
        *overlap.ok_or_else(|| FieldErrors::one("overlap", "Choose how long the old secret signs"))?;
    let secret = Secret::random();
    let sealed = secret.seal(&muster.keys).map_err(AppError::internal)?;
    let (actor, now) = (shell.actor(), shell.now);
    let until = now + Duration::hours(hours);
    let hook = muster
        .db
        .write(move |conn| -> Result<_, SaveError> {
            let hook = Webhook::lock(conn, id)?;
            diesel::update(webhook::table.find(id))
                .set((
                    // as it was before this statement
                    webhook::old_secret.eq(webhook::secret.nullable()),
                    webhook::old_until.eq(until),
                    webhook::secret.eq(sealed),
                    webhook::rest_until.eq(None::<chrono::DateTime<chrono::Utc>>),
                ))
                .execute(conn)?;
            let after = Some(json!({ "old_secret_signs": words }));
            let change = Change { action: "webhook secret rotated", before: None, after };
            audit::append(conn, &actor, now, &hook.subject(), &change)?;
            Ok(hook)
        })
        .await?;
    let (name, path) = (hook.name().to_owned(), hook.path());
    Ok(MadePage { shell: shell.clone(), name, path, text: secret.text(), before_until: Some(until) })
}

impl RotatePage {
    fn overlaps(&self) -> [(&'static str, &'static str, i64); 4] {
        OVERLAPS
    }
}
