//! Settings → Channels → **E-mail**.

use actix_web::web::Data;
use askama::Template;
use serde_json::{Value, json};

use super::form::{EmailForm, EmailSecret};
use super::settings::{Security, SmtpSettings};
use crate::Muster;
use crate::channels::saving::{self, Saved};
use crate::channels::standing::Standing;
use crate::channels::stored::{Pace, StoredChannel};
use crate::channels::test_send::TestForm;
use crate::channels::{MessageChannel, pace_form};
use crate::error::AppError;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, filters, rejected, see_other_with, show};

const CHANNEL: MessageChannel = MessageChannel::Email;

#[derive(Template)]
#[template(path = "channels/email.html")]
struct EmailPage {
    shell: Shell,
    tab: &'static str,
    standing: Standing,
    form: EmailForm,
    errors: FieldErrors,
    has_password: bool,
    callback: String,
    test: TestForm,
    test_errors: FieldErrors,
}

/// `GET /settings/channels/email`
pub async fn edit(shell: Shell, muster: Data<Muster>) -> PageResult {
    show(&EmailPage::load(shell, &muster, None, FieldErrors::new()).await?)
}

/// `POST /settings/channels/email`
pub async fn update(shell: Shell, muster: Data<Muster>, Form { typed, .. }: Form<EmailForm>) -> PageResult {
    match save(&muster, &shell, typed.clone()).await {
        Ok(saved) => see_other_with("/settings/channels/email", &saved.told()),
        Err(SaveError::Rejected(errors)) => rejected(&EmailPage::load(shell, &muster, Some(typed), errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(muster: &Muster, shell: &Shell, form: EmailForm) -> Result<Saved, SaveError> {
    let keys = muster.keys.clone();
    saving::save(muster, shell, CHANNEL, move |stored| {
        // a secret that can no longer be read is typed anew
        let before: EmailSecret = stored.secret(&keys).unwrap_or_default();
        let (pace, settings, mut secret) = form.parse(&before)?;
        saving::hook(&mut secret.hook, form.new_hook == "on");
        let told = (
            values(&stored.pace(), stored.settings(), &before, &before),
            values(&pace, Some(settings.clone()), &secret, &before),
        );
        Ok((pace, json!(settings), json!(secret), told))
    })
    .await
}

/// For the audit log: everything but secrets.
fn values(pace: &Pace, settings: Option<SmtpSettings>, secret: &EmailSecret, before: &EmailSecret) -> Value {
    json!({
        "on": pace.is_on, "messages_per_second": pace.rate, "connections": pace.connections, "settings": settings,
        "password": pace_form::secret_words(&secret.password, &before.password),
    })
}

impl EmailPage {
    async fn load(
        shell: Shell,
        muster: &Muster,
        typed: Option<EmailForm>,
        errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let (organisation, now) = (shell.organisation.clone(), shell.now);
        let read = move |conn: &mut diesel::PgConnection| -> Result<_, AppError> {
            let stored = StoredChannel::load(conn, CHANNEL)?;
            Ok((Standing::load(conn, &stored, &organisation, now)?, stored))
        };
        let (standing, stored) = muster.db.read(read).await?;
        let secret: EmailSecret = stored.secret(&muster.keys).unwrap_or_default();
        Ok(Self {
            test: TestForm { to: shell.account.email.clone() },
            test_errors: FieldErrors::new(),
            shell,
            tab: "channels",
            standing,
            form: typed.unwrap_or_else(|| EmailForm::of(&stored)),
            errors,
            has_password: !secret.password.is_empty(),
            callback: secret.callback(&muster.config.public_url),
        })
    }

    fn kinds(&self) -> [Security; 3] {
        Security::ALL
    }
}
