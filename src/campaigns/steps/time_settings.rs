//! Step **4. Time settings**.

use actix_web::web::Path;
use askama::Template;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

use super::frame::Frame;
use super::saved;
use super::step::Step;
use super::time_settings_form::TimeSettingsForm;
use crate::campaigns::differences::Act;
use crate::campaigns::draft::Draft;
use crate::campaigns::time_words::minutes_words;
use crate::campaigns::{Channel, IfLate, TimeSettings, changes, sending};
use crate::db::Db;
use crate::ids::CampaignId;
use crate::schema::campaign;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, rejected, show};

#[derive(Template)]
#[template(path = "campaigns/steps/time_settings.html")]
struct TimeSettingsPage {
    shell: Shell,
    frame: Frame,
    form: TimeSettingsForm,
    errors: FieldErrors,
    zone: String,
    is_issued: bool,
    is_app: bool,
    late_hint: String,
}

impl TimeSettingsPage {
    fn of(shell: Shell, draft: &Draft, form: TimeSettingsForm, errors: FieldErrors) -> Self {
        let channel = draft.campaign.channel();
        Self {
            frame: Frame::of(draft, Step::TimeSettings, &shell),
            zone: shell.zone().name().replace('_', " "),
            is_issued: channel != Channel::Code,
            is_app: channel == Channel::App,
            late_hint: late_hint(shell.organisation.late_after),
            shell,
            form,
            errors,
        }
    }
}

/// Names the limit.
fn late_hint(minutes: i32) -> String {
    format!(
        "Where Muster could not begin within {} of the start, or stood still for as long in the middle (Settings → General).",
        minutes_words(minutes)
    )
}

impl TimeSettingsPage {
    fn rules(&self) -> [IfLate; 3] {
        IfLate::ALL
    }
}

/// `GET /campaigns/{id}/time-settings`
pub async fn edit(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let draft = saved::load(&db, *id).await?;
    let form = TimeSettingsForm::of(&draft.campaign.times, shell.zone());
    show(&TimeSettingsPage::of(shell, &draft, form, FieldErrors::new()))
}

/// `POST /campaigns/{id}/time-settings`
pub async fn update(shell: Shell, db: Db, id: Path<CampaignId>, form: Form<TimeSettingsForm>) -> PageResult {
    match save(&db, &shell, *id, form.typed.clone()).await {
        Ok(draft) => saved::go_on(&shell, &draft, Step::TimeSettings, &form.typed.then),
        Err(SaveError::Rejected(errors)) => {
            let draft = saved::load(&db, *id).await?;
            rejected(&TimeSettingsPage::of(shell, &draft, form.typed, errors))
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, id: CampaignId, form: TimeSettingsForm) -> Result<Draft, SaveError> {
    let (act, zone) = (Act::of(shell), shell.zone());
    db.write(move |conn| store(conn, &act, id, &form, zone)).await
}

fn store(
    conn: &mut PgConnection,
    act: &Act,
    id: CampaignId,
    form: &TimeSettingsForm,
    zone: Tz,
) -> Result<Draft, SaveError> {
    let draft = Draft::lock(conn, id)?;
    let before = &draft.campaign.times;
    let (times, mut errors) = form.parse(before, draft.campaign.channel(), zone, act.now);
    if draft.campaign.published_at.is_some() && errors.is_empty() {
        errors = changes::times(before, &times, draft.campaign.status(act.now), act.now);
    }
    saved::check(&draft.campaign, "start", errors)?;
    if times == *before {
        return Ok(draft);
    }
    diesel::update(campaign::table.find(id)).set(&times).execute(conn)?;
    let frame = |times: &TimeSettings| (times.starts_at, times.ends_at);
    if draft.campaign.published_at.is_some() && frame(before) != frame(&times) {
        moved(conn, id, before, &times, act.now)?;
    }
    act.changed(conn, &draft.campaign, before, &times)?;
    Ok(Draft::load(conn, id)?)
}

/// A start that moves makes it due anew; an end that moves may bring back what was over.
fn moved(
    conn: &mut PgConnection,
    id: CampaignId,
    before: &TimeSettings,
    after: &TimeSettings,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    match after.starts_at {
        Some(start) if before.starts_at != after.starts_at => sending::due(conn, id, start.max(now)),
        _ => sending::open_again(conn, id),
    }
}
