//! **Rotate**: a new key, and some time in which the one before works too.

use actix_web::web::Path;
use askama::Template;
use chrono::Duration;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::index::PATH;
use super::list::KeyRow;
use super::made::MadePage;
use crate::api::ApiKey;
use crate::audit::{self, Change};
use crate::db::Db;
use crate::error::AppError;
use crate::schema::api_key;
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other_with, show};

const OVERLAPS: [(&str, &str, i64); 4] =
    [("0", "It stops now", 0), ("1", "1 hour", 1), ("24", "24 hours", 24), ("168", "7 days", 168)];

/// As chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct RotateForm {
    overlap: String,
}

#[derive(Template)]
#[template(path = "settings/api_keys/rotate.html")]
struct RotatePage {
    shell: Shell,
    key: KeyRow,
    form: RotateForm,
    errors: FieldErrors,
}

/// `GET /settings/api-keys/{key}/rotation`
pub async fn new(shell: Shell, db: Db, id: Path<i64>) -> PageResult {
    let key = load(&db, *id).await?;
    if !key.is_live() {
        return see_other_with(PATH, &Flash::warning(format!("{} was revoked, so it cannot be rotated.", key.name)));
    }
    let form = RotateForm { overlap: "24".into() };
    show(&RotatePage { shell, key, form, errors: FieldErrors::new() })
}

/// `POST /settings/api-keys/{key}/rotation`: the answer itself shows the key.
pub async fn create(shell: Shell, db: Db, id: Path<i64>, form: Form<RotateForm>) -> PageResult {
    match save(&db, &shell, *id, &form.typed).await {
        Ok(made) => show(&made),
        Err(SaveError::Rejected(errors)) => {
            let key = load(&db, *id).await?;
            rejected(&RotatePage { shell, key, form: form.typed, errors })
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn load(db: &Db, id: i64) -> Result<KeyRow, AppError> {
    db.read(move |conn| Ok(KeyRow::find(conn, id)?)).await
}

async fn save(db: &Db, shell: &Shell, id: i64, form: &RotateForm) -> Result<MadePage, SaveError> {
    let overlap = OVERLAPS.iter().find(|(key, _, _)| *key == form.overlap);
    let (_, words, hours) = *overlap.ok_or_else(|| FieldErrors::one("overlap", "Choose how long the old key works"))?;
    let (actor, now) = (shell.actor(), shell.now);
    let (text, until) = (ApiKey::random_text(), now + Duration::hours(hours));
    let (hash, hint) = (ApiKey::hash(&text), ApiKey::hint(&text));
    let name = db
        .write(move |conn| -> Result<_, SaveError> {
            let before = KeyRow::lock(conn, id)?;
            if !before.is_live() {
                return Err(FieldErrors::one("overlap", "This key was revoked meanwhile: add a new one").into());
            }
            diesel::update(api_key::table.find(id))
                .set((
                    // as they were before this statement
                    api_key::old_key_hash.eq(api_key::key_hash.nullable()),
                    api_key::old_hint.eq(api_key::hint.nullable()),
                    api_key::old_until.eq(until),
                    api_key::key_hash.eq(hash),
                    api_key::hint.eq(&hint),
                ))
                .execute(conn)?;
            let after = json!({ "ends_in": hint, "old_key_works": words });
            let change = Change {
                action: "API key rotated",
                before: Some(json!({ "ends_in": before.hint().trim_start_matches('…') })),
                after: Some(after),
            };
            audit::append(conn, &actor, now, &before.subject(), &change)?;
            Ok(before.name)
        })
        .await?;
    Ok(MadePage { shell: shell.clone(), name, text, before_until: Some(until) })
}

impl RotatePage {
    fn overlaps(&self) -> [(&'static str, &'static str, i64); 4] {
        OVERLAPS
    }
}
