//! Settings → Channels → **Web push**.

use actix_web::web::Data;
use askama::Template;
use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::saving::{self, Saved};
use super::standing::Standing;
use super::stored::StoredChannel;
use super::test_send::TestForm;
use super::{MessageChannel, pace_form};
use crate::Muster;
use crate::error::AppError;
use crate::members::email::Email;
use crate::schema::push_subscription;
use crate::web::text::Line;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, filters, rejected, see_other_with, show};

const CHANNEL: MessageChannel = MessageChannel::Push;

/// As typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PushForm {
    pub is_on: String,
    pub contact: String,
    pub rate: String,
    pub connections: String,
}

#[derive(Template)]
#[template(path = "channels/push.html")]
struct PushPage {
    shell: Shell,
    tab: &'static str,
    standing: Standing,
    form: PushForm,
    errors: FieldErrors,
    public_key: String,
    devices: i64,
    test: TestForm,
    test_errors: FieldErrors,
}

/// `GET /settings/channels/push`
pub async fn edit(shell: Shell, muster: Data<Muster>) -> PageResult {
    show(&PushPage::load(shell, &muster, None, FieldErrors::new()).await?)
}

/// `POST /settings/channels/push`
pub async fn update(shell: Shell, muster: Data<Muster>, Form { typed, .. }: Form<PushForm>) -> PageResult {
    match save(&muster, &shell, typed.clone()).await {
        Ok(saved) => see_other_with("/settings/channels/push", &saved.told()),
        Err(SaveError::Rejected(errors)) => rejected(&PushPage::load(shell, &muster, Some(typed), errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// The key pair, which was made on first use, stays as it is: every device is bound to it.
async fn save(muster: &Muster, shell: &Shell, form: PushForm) -> Result<Saved, SaveError> {
    saving::save(muster, shell, CHANNEL, move |stored| {
        let mut errors = FieldErrors::new();
        let contact = errors.take("contact", contact(&form.contact));
        let pace = pace_form::parse(&form.is_on, &form.rate, &form.connections, &mut errors);
        let (Some(contact), Some(pace)) = (contact, pace) else { return Err(errors.into()) };
        let before: Value = stored.settings();
        let mut settings = if before.is_object() { before.clone() } else { json!({}) };
        settings["contact"] = json!(contact);
        let told = |pace: &super::stored::Pace, settings: &Value| {
            let contact = &settings["contact"];
            json!({ "on": pace.is_on, "messages_per_second": pace.rate, "connections": pace.connections, "contact": contact })
        };
        let told = (told(&stored.pace(), &before), told(&pace, &settings));
        Ok((pace, settings, Value::Null, told))
    })
    .await
}

/// As push services take it: an e-mail address, or a page.
fn contact(raw: &str) -> Result<String, String> {
    let typed = Line::required(raw, 254, "Enter an e-mail address that push services may write to")?;
    if typed.starts_with("https://") && typed.len() > 8 {
        return Ok(typed);
    }
    Email::parse(typed.trim_start_matches("mailto:")).map(|email| email.to_string())
}

impl PushPage {
    async fn load(
        shell: Shell,
        muster: &Muster,
        typed: Option<PushForm>,
        errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let (organisation, now) = (shell.organisation.clone(), shell.now);
        let read = move |conn: &mut PgConnection| -> Result<_, AppError> {
            let stored = StoredChannel::load(conn, CHANNEL)?;
            let devices: i64 = push_subscription::table.count().get_result(conn)?;
            Ok((Standing::load(conn, &stored, &organisation, now)?, stored, devices))
        };
        let (standing, stored, devices) = muster.db.snapshot(read).await?;
        let settings: Value = stored.settings();
        let text = |name: &str| settings[name].as_str().unwrap_or_default().to_owned();
        let form = typed.unwrap_or_else(|| PushForm {
            is_on: pace_form::tick(stored.is_on),
            contact: text("contact"),
            rate: pace_form::rate_text(stored.rate),
            connections: stored.connections.to_string(),
        });
        Ok(Self {
            shell,
            tab: "channels",
            standing,
            form,
            errors,
            public_key: text("public_key"),
            devices,
            test: TestForm::default(),
            test_errors: FieldErrors::new(),
        })
    }
}

impl PushForm {
    /// Whether the channel is to send.
    pub fn ticked(&self) -> bool {
        self.is_on == "on"
    }
}
