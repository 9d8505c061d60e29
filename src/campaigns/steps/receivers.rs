//! Step **3. Receivers**.

use actix_web::web::{Path, Query};
use askama::Template;
use diesel::prelude::*;

use super::frame::Frame;
use super::group_choices::{self, GroupChoice};
use super::receivers_form::ReceiversForm;
use super::saved;
use super::step::Step;
use super::sum::Sum;
use crate::campaigns::differences::Act;
use crate::campaigns::draft::Draft;
use crate::campaigns::{Campaign, Channel, changes, places};
use crate::db::Db;
use crate::deliveries::issue;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, filters, rejected, show};

#[derive(Template)]
#[template(path = "campaigns/steps/receivers.html")]
struct ReceiversPage {
    shell: Shell,
    frame: Frame,
    form: ReceiversForm,
    errors: FieldErrors,
    groups: Vec<GroupChoice>,
    sum: Sum,
    is_code: bool,
}

#[derive(Template)]
#[template(path = "campaigns/steps/arithmetic.html")]
struct Arithmetic {
    sum: Sum,
}

/// The page; `form` is what was typed, or else what is stored.
async fn page(
    shell: Shell,
    db: &Db,
    id: CampaignId,
    form: Option<ReceiversForm>,
    errors: FieldErrors,
) -> Result<ReceiversPage, AppError> {
    let now = shell.now;
    let (draft, form, groups, sum) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let draft = Draft::load(conn, id)?;
            let form = form.unwrap_or_else(|| ReceiversForm::of(&draft.receivers()));
            let groups = group_choices::load(conn, id, &form, now)?;
            let audience = form.audience(draft.campaign.channel());
            let sum = Sum::of(conn, id, audience.as_ref(), &form.query())?;
            Ok((draft, form, groups, sum))
        })
        .await?;
    let is_code = draft.campaign.channel() == Channel::Code;
    Ok(ReceiversPage { frame: Frame::of(&draft, Step::Receivers, &shell), shell, form, errors, groups, sum, is_code })
}

/// `GET /campaigns/{id}/receivers`
pub async fn edit(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    show(&page(shell, &db, *id, None, FieldErrors::new()).await?)
}

/// `GET /campaigns/{id}/receivers/arithmetic`: of the choices in the address, as a part of the page.
pub async fn arithmetic(_: Shell, db: Db, id: Path<CampaignId>, form: Query<ReceiversForm>) -> PageResult {
    let (id, form) = (*id, form.into_inner());
    let sum = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let audience = form.audience(Campaign::find(conn, id)?.channel());
            Ok(Sum::of(conn, id, audience.as_ref(), &form.query())?)
        })
        .await?;
    show(&Arithmetic { sum })
}

/// `POST /campaigns/{id}/receivers`; without a script, a button of the same form counts and saves nothing.
pub async fn update(shell: Shell, db: Db, id: Path<CampaignId>, form: Form<ReceiversForm>) -> PageResult {
    if form.typed.then == "count" {
        return show(&page(shell, &db, *id, Some(form.typed), FieldErrors::new()).await?);
    }
    match save(&db, &shell, *id, form.typed.clone()).await {
        Ok(draft) => saved::go_on(&shell, &draft, Step::Receivers, &form.typed.then),
        Err(SaveError::Rejected(errors)) => rejected(&page(shell, &db, *id, Some(form.typed), errors).await?),
        Err(SaveError::Failed(error)) => Err(error),
    }
}

async fn save(db: &Db, shell: &Shell, id: CampaignId, form: ReceiversForm) -> Result<Draft, SaveError> {
    let act = Act::of(shell);
    db.write(move |conn| store(conn, &act, id, &form)).await
}

fn store(conn: &mut PgConnection, act: &Act, id: CampaignId, form: &ReceiversForm) -> Result<Draft, SaveError> {
    let draft = Draft::lock(conn, id)?;
    let before = draft.receivers();
    let (receivers, mut errors) = form.parse(draft.campaign.channel());
    let is_published = draft.campaign.published_at.is_some();
    if is_published && errors.is_empty() {
        errors = if receivers.is_chosen() {
            changes::receivers(&before, &receivers)
        } else {
            FieldErrors::one("audience", "Choose who receives the campaign: it is published")
        };
    }
    saved::check(&draft.campaign, "audience", errors)?;
    if receivers == before {
        return Ok(draft);
    }
    receivers.store(conn, id).map_err(|error| SaveError::from_constraint(error, GONE))?;
    if is_published {
        places::give(conn, id)?;
        issue::again(conn, id)?;
    }
    act.changed(conn, &draft.campaign, &before, &receivers)?;
    Ok(Draft::load(conn, id)?)
}

/// A group that was deleted since the page was made.
const GONE: &[(&str, &str, &str)] =
    &[("campaign_group_group_id_fkey", "audience", "One of the groups is gone: look at the groups below again")];
