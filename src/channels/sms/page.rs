//! Settings → Channels → **SMS**.

use actix_web::web::Data;
use askama::Template;
use serde_json::{Value, json};

use super::form::SmsForm;
use super::settings::{BodyKind, Method, Preset, SmsSecret, SmsSettings};
use crate::Muster;
use crate::channels::saving::{self, Saved};
use crate::channels::standing::Standing;
use crate::channels::stored::{Pace, StoredChannel};
use crate::channels::test_send::TestForm;
use crate::channels::{MessageChannel, pace_form};
use crate::error::AppError;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, filters, rejected, see_other_with, show};

const CHANNEL: MessageChannel = MessageChannel::Sms;

#[derive(Template)]
#[template(path = "channels/sms.html")]
struct SmsPage {
    shell: Shell,
    tab: &'static str,
    standing: Standing,
    form: SmsForm,
    errors: FieldErrors,
    has_password: bool,
    callback: String,
    test: TestForm,
    test_errors: FieldErrors,
}

/// `GET /settings/channels/sms`
pub async fn edit(shell: Shell, muster: Data<Muster>) -> PageResult {
    show(&SmsPage::load(shell, &muster, None, FieldErrors::new()).await?)
}

/// `POST /settings/channels/sms`
pub async fn update(shell: Shell, muster: Data<Muster>, Form { typed, .. }: Form<SmsForm>) -> PageResult {
    match save(&muster, &shell, typed.clone()).await {
        Ok(saved) => see_other_with("/settings/channels/sms", &saved.told()),
        Err(SaveError::Rejected(errors)) => rejected(&SmsPage::load(shell, &muster, Some(typed), errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(muster: &Muster, shell: &Shell, form: SmsForm) -> Result<Saved, SaveError> {
    let keys = muster.keys.clone();
    saving::save(muster, shell, CHANNEL, move |stored| {
        // a secret that can no longer be read is typed anew
        let before: SmsSecret = stored.secret(&keys).unwrap_or_default();
        let (pace, settings, mut secret) = form.parse(&before)?;
        saving::hook(&mut secret.hook, form.new_hook == "on");
        let was = values(&stored.pace(), &stored.settings(), &before, &before);
        let told = (was, values(&pace, &settings, &secret, &before));
        Ok((pace, json!(settings), json!(secret), told))
    })
    .await
}

/// For the audit log: everything but secrets.
fn values(pace: &Pace, settings: &SmsSettings, secret: &SmsSecret, before: &SmsSecret) -> Value {
    json!({
        "on": pace.is_on, "messages_per_second": pace.rate, "connections": pace.connections, "settings": settings,
        "password": pace_form::secret_words(&secret.password, &before.password),
        "report_address": pace_form::secret_words(&secret.hook, &before.hook),
    })
}

impl SmsPage {
    async fn load(
        shell: Shell,
        muster: &Muster,
        typed: Option<SmsForm>,
        errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let (organisation, now) = (shell.organisation.clone(), shell.now);
        let read = move |conn: &mut diesel::PgConnection| -> Result<_, AppError> {
            let stored = StoredChannel::load(conn, CHANNEL)?;
            Ok((Standing::load(conn, &stored, &organisation, now)?, stored))
        };
        let (standing, stored) = muster.db.read(read).await?;
        let secret: SmsSecret = stored.secret(&muster.keys).unwrap_or_default();
        Ok(Self {
            shell,
            tab: "channels",
            standing,
            form: typed.unwrap_or_else(|| SmsForm::of(&stored)),
            errors,
            has_password: !secret.password.is_empty(),
            callback: secret.callback(&muster.config.public_url),
            test: TestForm::default(),
            test_errors: FieldErrors::new(),
        })
    }

    fn methods(&self) -> [Method; 3] {
        Method::ALL
    }

    fn kinds(&self) -> [BodyKind; 2] {
        BodyKind::ALL
    }

    /// How this gateway is to report.
    fn how_it_reports(&self) -> &'static str {
        match Preset::parse(&self.form.preset) {
            Some(Preset::Generic) => {
                "Give this address to the gateway, or pass it on with {callback}. It is asked for id and status (delivered, failed, …) in the address, as form fields or JSON; a reason is optional."
            }
            _ => "The gateway is told this address with every message. There is nothing to do.",
        }
    }
}
