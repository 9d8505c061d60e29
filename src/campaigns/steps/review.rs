//! **Review**: everything on one page, and what stands in the way of publishing.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::frame::Frame;
use super::step::Step;
use super::sum::Sum;
use crate::campaigns::audience::Audience;
use crate::campaigns::draft::Draft;
use crate::campaigns::dry_run::DryRunPart;
use crate::campaigns::test_send::{TestForm, Trial};
use crate::campaigns::warnings::{self, Warning};
use crate::campaigns::{Campaign, Channel, chosen, sections};
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{FieldErrors, PageResult, Shell, filters, rejected, show};

/// Something to do, with the address of its field.
struct ToDo {
    message: String,
    href: String,
}

#[derive(Template)]
#[template(path = "campaigns/steps/review.html")]
struct ReviewPage {
    shell: Shell,
    frame: Frame,
    sections: Vec<sections::Section>,
    sum: Sum,
    warnings: Vec<Warning>,
    missing: Vec<ToDo>,
    was_refused: bool,
    will_do: &'static str,
    trial: Option<Trial>,
    dry_run: Option<DryRunPart>,
}

async fn page(shell: Shell, db: &Db, id: CampaignId, was_refused: bool) -> Result<ReviewPage, AppError> {
    let (now, zone) = (shell.now, shell.zone());
    let (own_address, organisation) = (shell.account.email.clone(), shell.organisation.clone());
    let (draft, sum, warnings, trial, dry_run) = db
        .snapshot(move |conn: &mut PgConnection| -> Result<_, AppError> {
            let draft = Draft::load(conn, id)?;
            let audience = Audience::of(conn, id)?;
            let chosen = draft.receivers().is_chosen().then_some(&audience);
            let sum = Sum::of(conn, id, chosen, "")?;
            let warnings = warnings::of(conn, &draft, &sum, now, zone)?;
            let trial = Trial::of(conn, &draft.campaign, &own_address, now)?;
            let dry_run = DryRunPart::of(conn, &draft, &organisation, now)?;
            Ok((draft, sum, warnings, trial, dry_run))
        })
        .await?;
    let to_do = |missing: crate::campaigns::draft::Missing| ToDo { href: missing.link(id), message: missing.message };
    let missing = draft.missing(now).into_iter().map(to_do).collect();
    Ok(ReviewPage {
        frame: Frame::of(&draft, Step::Review, &shell),
        sections: sections::of(
            &draft.campaign,
            &chosen::in_words(draft.campaign.everyone, &draft.groups),
            &shell.organisation,
        ),
        sum,
        warnings,
        missing,
        was_refused,
        will_do: will_do(&draft.campaign),
        trial,
        dry_run,
        shell,
    })
}

/// `GET /campaigns/{id}/review`
pub async fn show_review(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    show(&page(shell, &db, *id, false).await?)
}

/// The page again, because something was missing when it was to be published.
pub async fn again(shell: Shell, db: &Db, id: CampaignId) -> PageResult {
    rejected(&page(shell, db, id, true).await?)
}

/// The page again, because a test could not be sent.
pub async fn with_test(shell: Shell, db: &Db, id: CampaignId, typed: TestForm, errors: FieldErrors) -> PageResult {
    let mut page = page(shell, db, id, false).await?;
    page.trial = page.trial.map(|trial| Trial { form: typed, errors, ..trial });
    rejected(&page)
}

/// What publishing brings about.
fn will_do(campaign: &Campaign) -> &'static str {
    match campaign.channel() {
        Channel::App if campaign.content.notify_push => {
            "From the start, the coupon shows in the receivers’ app, and those who turned on notifications are told."
        }
        Channel::App => "From the start, the coupon shows in the receivers’ app.",
        Channel::Sms => "From the start, each receiver gets an SMS with a link to the coupon.",
        Channel::Email => "From the start, each receiver gets an e-mail with a link to the coupon.",
        Channel::Code => "From the start, the codes can be used.",
    }
}
