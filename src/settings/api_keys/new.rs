//! **Add API key**.

use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::json;

use super::made::MadePage;
use crate::api::{ApiKey, Scope};
use crate::audit::{self, Change, Subject};
use crate::db::Db;
use crate::schema::api_key;
use crate::web::text::Line;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, show};

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct KeyForm {
    name: String,
    scope: String,
    shop: String,
}

struct NewKey {
    name: String,
    scope: Scope,
    shop: String,
}

#[derive(Template)]
#[template(path = "settings/api_keys/new.html")]
struct NewPage {
    shell: Shell,
    form: KeyForm,
    errors: FieldErrors,
}

/// `GET /settings/api-keys/new`
pub async fn new(shell: Shell) -> PageResult {
    let form = KeyForm { scope: Scope::Pos.key().to_owned(), ..KeyForm::default() };
    show(&NewPage { shell, form, errors: FieldErrors::new() })
}

/// `POST /settings/api-keys`: the answer itself shows the key, so that it stands in no address, cookie or log.
pub async fn create(shell: Shell, db: Db, form: Form<KeyForm>) -> PageResult {
    match save(&db, &shell, &form.typed).await {
        Ok((name, text)) => show(&MadePage { shell, name, text, before_until: None }),
        Err(SaveError::Rejected(errors)) => rejected(&NewPage { shell, form: form.typed, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

impl KeyForm {
    fn parse(&self) -> Result<NewKey, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.take("name", Line::required(&self.name, 80, "Enter a name"));
        let scope = errors.take("scope", Scope::parse(&self.scope).ok_or("Choose what the key is for"));
        // hidden by the choice, it is not kept
        let is_till = scope == Some(Scope::Pos);
        let shop = errors.take("shop", if is_till { Line::parse(&self.shop, 80) } else { Ok(None) });
        match (name, scope, shop) {
            (Some(name), Some(scope), Some(shop)) => Ok(NewKey { name, scope, shop: shop.unwrap_or_default() }),
            _ => Err(errors),
        }
    }
}

/// Its name and text.
async fn save(db: &Db, shell: &Shell, form: &KeyForm) -> Result<(String, String), SaveError> {
    let key = form.parse()?;
    let (actor, now, by) = (shell.actor(), shell.now, shell.account.id);
    let text = ApiKey::random_text();
    let (hash, hint, name) = (ApiKey::hash(&text), ApiKey::hint(&text), key.name.clone());
    db.write(move |conn| -> Result<_, SaveError> {
        let id: i64 = diesel::insert_into(api_key::table)
            .values((
                api_key::name.eq(&key.name),
                api_key::scope.eq(key.scope.key()),
                api_key::shop.eq(&key.shop),
                api_key::key_hash.eq(hash),
                api_key::hint.eq(&hint),
                api_key::created_at.eq(now),
                api_key::created_by.eq(by),
                api_key::last_used_from.eq(""),
            ))
            .returning(api_key::id)
            .get_result(conn)?;
        let after = json!({ "name": key.name, "scope": key.scope.label(), "shop": key.shop, "ends_in": hint });
        let change = Change { action: "API key added", before: None, after: Some(after) };
        Ok(audit::append(conn, &actor, now, &Subject::new("api_key", id, key.name), &change)?)
    })
    .await?;
    Ok((name, text))
}

impl NewPage {
    fn scopes(&self) -> [(&'static str, &'static str, &'static str); 3] {
        Scope::ALL.map(|scope| (scope.key(), scope.label(), sentence(scope)))
    }
}

fn sentence(scope: Scope) -> &'static str {
    match scope {
        Scope::Pos => "Looks up, reserves, validates and reverses coupons: one key for each shop, or each till.",
        Scope::OfficeRead => "Reads members, groups, campaigns and reports.",
        Scope::Office => "Reads, and changes members, groups and what they are issued.",
    }
}
