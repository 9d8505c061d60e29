//! Settings → **General**.

use actix_web::web::Data;
use askama::Template;
use serde_json::{Value, json};

use super::general_form::GeneralForm;
use super::lists::{self, Choice};
use super::organisation::{DateLanguage, Organisation};
use super::zone_change;
use crate::Muster;
use crate::audit::{self, Change, Subject};
use crate::web::{FieldErrors, Flash, Form, PageResult, SaveError, Shell, rejected, see_other, see_other_with, show};

#[derive(Template)]
#[template(path = "settings/general.html")]
struct GeneralPage {
    shell: Shell,
    tab: &'static str,
    form: GeneralForm,
    errors: FieldErrors,
}

/// `GET /settings`
pub async fn first_tab() -> PageResult {
    see_other("/settings/general")
}

/// `GET /settings/general`
pub async fn edit(shell: Shell) -> PageResult {
    let form = GeneralForm::of(&shell.organisation);
    show(&GeneralPage { shell, tab: "general", form, errors: FieldErrors::new() })
}

/// `POST /settings/general`
pub async fn update(shell: Shell, muster: Data<Muster>, form: Form<GeneralForm>) -> PageResult {
    let form = form.typed;
    match save(&muster, &shell, &form).await {
        Ok(saved) => see_other_with("/settings/general", &Flash::success(saved.words())),
        Err(SaveError::Rejected(errors)) => rejected(&GeneralPage { shell, tab: "general", form, errors }),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

struct Saved {
    before: Organisation,
    after: Organisation,
    /// Groups whose moments were moved so that their days stay.
    moved: usize,
}

async fn save(muster: &Muster, shell: &Shell, form: &GeneralForm) -> Result<Saved, SaveError> {
    let (after, actor, now) = (form.parse()?, shell.actor(), shell.now);
    let saved = muster
        .db
        .write(move |conn| -> Result<_, SaveError> {
            let before = Organisation::lock(conn)?;
            after.store(conn)?;
            let moved = zone_change::keep_days(conn, before.zone, after.zone)?;
            let change =
                Change { action: "settings changed", before: Some(values(&before)), after: Some(values(&after)) };
            audit::append(conn, &actor, now, &Subject::new("setting", "general", after.name.clone()), &change)?;
            Ok(Saved { before, after, moved })
        })
        .await?;
    muster.organisation.set(saved.after.clone());
    Ok(saved)
}

impl Saved {
    fn words(&self) -> String {
        if self.before.zone == self.after.zone {
            return "Changes saved.".into();
        }
        let zone = self.after.zone.name();
        let groups = if self.moved == 0 { "" } else { " User groups start and stop on the same days as before." };
        format!("Changes saved. Days and times are now those of {zone}.{groups} Campaigns keep their moments.")
    }
}

fn values(organisation: &Organisation) -> Value {
    json!({
        "name": organisation.name,
        "time_zone": organisation.zone.name(),
        "colour": organisation.colour,
        "date_language": organisation.date_language.key(),
        "currency": organisation.currency,
        "phone_region": organisation.phone_region,
        "reversal_minutes": organisation.reversal_minutes,
        "late_after_minutes": organisation.late_after,
        "audience_change_percent": organisation.audience_change,
    })
}

impl GeneralPage {
    fn zones(&self) -> impl Iterator<Item = &'static str> {
        chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())
    }

    fn languages(&self) -> [DateLanguage; 6] {
        DateLanguage::ALL
    }

    fn currencies(&self) -> &'static [Choice] {
        lists::currencies()
    }

    fn regions(&self) -> &'static [Choice] {
        lists::regions()
    }
}
