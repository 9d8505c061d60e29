//! **Add webhook**.

use actix_web::web::Data;
use askama::Template;
use diesel::prelude::*;

use super::form::WebhookForm;
use super::made::MadePage;
use crate::audit::{self, Change};
use crate::error::AppError;
use crate::schema::webhook;
use crate::serve::Muster;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, show};
use crate::webhooks::webhook::MOST;
use crate::webhooks::{Secret, Webhook, keep_order};

#[derive(Template)]
#[template(path = "settings/webhooks/new.html")]
struct NewPage {
    shell: Shell,
    form: WebhookForm,
    errors: FieldErrors,
}

/// `GET /settings/webhooks/new`
pub async fn new(shell: Shell) -> PageResult {
    let form = WebhookForm { events: "all".into(), ..WebhookForm::default() };
    show(&NewPage { shell, form, errors: FieldErrors::new() })
}

/// `POST /settings/webhooks`: the answer itself shows the secret, so that it stands in no address, cookie or log.
pub async fn create(shell: Shell, muster: Data<Muster>, form: Form<WebhookForm>) -> PageResult {
    match save(&muster, &shell, &form.typed).await {
        Ok((hook, text)) => {
            let (name, path) = (hook.name().to_owned(), hook.path());
            show(&MadePage { shell, name, path, text, before_until: None })
        }
        Err(SaveError::Rejected(errors)) => rejected(&NewPage { shell, form: form.typed, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// It, and its secret.
async fn save(muster: &Muster, shell: &Shell, form: &WebhookForm) -> Result<(Webhook, String), SaveError> {
    let wanted = form.parse(muster.config.webhooks)?;
    let secret = Secret::random();
    let sealed = secret.seal(&muster.keys).map_err(AppError::internal)?;
    let (actor, now, by) = (shell.actor(), shell.now, shell.account.id);
    let hook = muster
        .db
        .write(move |conn| -> Result<_, SaveError> {
            // so that none is added beside another, nor in the middle of a batch of events
            keep_order(conn)?;
            if webhook::table.count().get_result::<i64>(conn)? >= MOST {
                return Err(
                    FieldErrors::one("url", format!("There are {MOST} webhooks already: delete one first")).into()
                );
            }
            let id: i64 = diesel::insert_into(webhook::table)
                .values((
                    webhook::url.eq(&wanted.url),
                    webhook::description.eq(&wanted.description),
                    webhook::kinds.eq(&wanted.kinds),
                    webhook::secret.eq(sealed),
                    webhook::created_at.eq(now),
                    webhook::created_by.eq(by),
                ))
                .returning(webhook::id)
                .get_result(conn)?;
            let hook = Webhook::find(conn, id)?;
            let change = Change { action: "webhook added", before: None, after: Some(wanted.values()) };
            audit::append(conn, &actor, now, &hook.subject(), &change)?;
            Ok(hook)
        })
        .await?;
    Ok((hook, secret.text()))
}
