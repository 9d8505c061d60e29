//! Step **2. POS Input**.

use actix_web::web::Path;
use askama::Template;
use diesel::prelude::*;

use super::code_risk::CodeRisk;
use super::frame::Frame;
use super::pos_input_form::PosInputForm;
use super::saved;
use super::step::Step;
use crate::campaigns::differences::Act;
use crate::campaigns::draft::{self, Draft};
use crate::campaigns::{Channel, CodeSource, Offer, changes, joined_by, offer, pos_words};
use crate::codes::barcode::Barcode;
use crate::codes::generate;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::schema::campaign;
use crate::web::{FieldErrors, Form, PageResult, SaveError, Shell, filters, rejected, show};

#[derive(Template)]
#[template(path = "campaigns/steps/pos_input.html")]
struct PosInputPage {
    shell: Shell,
    frame: Frame,
    form: PosInputForm,
    errors: FieldErrors,
    unit: String,
    advanced_is_open: bool,
    may_be_personal: bool,
    risk: CodeRisk,
    imported: i64,
    takes_file: bool,
}

impl PosInputPage {
    async fn of(
        shell: Shell,
        db: &Db,
        draft: &Draft,
        form: PosInputForm,
        errors: FieldErrors,
    ) -> Result<Self, AppError> {
        let typed = form.clone();
        let risk = db.read(move |conn| -> Result<_, AppError> { Ok(CodeRisk::of(conn, &typed)?) }).await?;
        Ok(Self {
            risk,
            imported: draft.codes.there,
            takes_file: draft.campaign.pos.code_source() == Some(CodeSource::Imported),
            frame: Frame::of(draft, Step::PosInput, &shell),
            unit: offer::currency_sign(&shell.organisation.currency).to_owned(),
            advanced_is_open: form.advanced_is_open(&errors),
            may_be_personal: CodeSource::Personal.suits(draft.campaign.channel()),
            shell,
            form,
            errors,
        })
    }
}

/// `GET /campaigns/{id}/pos-input`
pub async fn edit(shell: Shell, db: Db, id: Path<CampaignId>) -> PageResult {
    let draft = saved::load(&db, *id).await?;
    let form = form_of(&draft, &shell);
    let errors = if draft.code_taken { taken() } else { FieldErrors::new() };
    show(&PosInputPage::of(shell, &db, &draft, form, errors).await?)
}

/// `POST /campaigns/{id}/pos-input`
pub async fn update(shell: Shell, db: Db, id: Path<CampaignId>, form: Form<PosInputForm>) -> PageResult {
    match save(&db, &shell, *id, form.typed.clone()).await {
        Ok(draft) => saved::go_on(&shell, &draft, Step::PosInput, &form.typed.then),
        Err(SaveError::Rejected(errors)) => {
            let draft = saved::load(&db, *id).await?;
            rejected(&PosInputPage::of(shell, &db, &draft, form.typed, errors).await?)
        }
        Err(SaveError::Failed(error)) => Err(error),
    }
}

/// The step again, as stored, for what is wrong with it when publishing.
pub async fn again(shell: Shell, db: &Db, id: CampaignId, errors: FieldErrors) -> PageResult {
    let draft = saved::load(db, id).await?;
    let form = form_of(&draft, &shell);
    rejected(&PosInputPage::of(shell, db, &draft, form, errors).await?)
}

/// What is wrong when another campaign has the code.
pub fn taken() -> FieldErrors {
    FieldErrors::one("code", "Another campaign has this code: enter another one")
}

fn form_of(draft: &Draft, shell: &Shell) -> PosInputForm {
    let usual = CodeSource::usual(draft.campaign.channel());
    PosInputForm::of(&draft.campaign.pos, usual, &shell.organisation.currency)
}

async fn save(db: &Db, shell: &Shell, id: CampaignId, form: PosInputForm) -> Result<Draft, SaveError> {
    let (act, currency) = (Act::of(shell), shell.organisation.currency.clone());
    let saved = db.write(move |conn| store(conn, &act, id, &form, &currency)).await;
    match saved {
        Err(SaveError::Rejected(errors)) if errors.on(JOINED).is_some() => {
            let groups = db.read(move |conn| -> Result<_, SaveError> { Ok(joined_by::names(conn, id)?) }).await?;
            Err(FieldErrors::one("allow_in_app_validation", joined_by::keep_in_app(&groups)).into())
        }
        saved => saved,
    }
}

/// Not a field: the broken constraint, until the group's name is known.
const JOINED: &str = "joined";

fn store(
    conn: &mut PgConnection,
    act: &Act,
    id: CampaignId,
    form: &PosInputForm,
    currency: &str,
) -> Result<Draft, SaveError> {
    let draft = Draft::lock(conn, id)?;
    let before = &draft.campaign.pos;
    let is_published = draft.campaign.published_at.is_some();
    let (mut pos, mut errors) = form.parse(draft.campaign.channel(), currency);
    if let Some(code) = pos.shared_code.as_deref().filter(|_| !is_published)
        && draft::is_taken(conn, code, id)?
    {
        errors = taken();
    }
    let leaves = before.code_source() == Some(CodeSource::Imported) && pos.code_source() != Some(CodeSource::Imported);
    if !is_published && draft.codes.there > 0 && leaves {
        let there = pos_words::counted(draft.codes.there, "imported code");
        let why = format!("This draft has {there}: remove their batch first, or keep Imported codes");
        errors.add("codes", why);
    }
    if is_published && errors.is_empty() {
        errors = changes::pos_input(before, &pos);
        // the constraint has the better message, with the group's name
        if before.allow_in_app_validation && !pos.allow_in_app_validation && !joined_by::names(conn, id)?.is_empty() {
            errors = FieldErrors::one(JOINED, "");
        }
    }
    saved::check(&draft.campaign, "offer", errors)?;
    if pos.code_source() == Some(CodeSource::One) && pos.shared_code.is_none() {
        pos.shared_code = Some(generate::one(&pos.code_format()).into_string());
    }
    if pos == *before {
        return Ok(draft);
    }
    diesel::update(campaign::table.find(id))
        .set(&pos)
        .execute(conn)
        .map_err(|error| SaveError::from_constraint(error, &[("member_group_campaign_in_app_fkey", JOINED, "")]))?;
    act.changed(conn, &draft.campaign, before, &pos)?;
    Ok(Draft::load(conn, id)?)
}

struct OfferOption {
    key: &'static str,
    label: &'static str,
    sentence: &'static str,
}

/// A sentence for each offer.
fn offer_sentence(offer: Offer) -> &'static str {
    match offer {
        Offer::FreeItem => "One of the products is free.",
        Offer::AmountOff => "An amount is taken off the price.",
        Offer::PercentOff => "A share is taken off the price.",
        Offer::FixedPrice => "Sold at a special price.",
        Offer::BuyXGetY => "Members buy X and get Y of them free.",
        Offer::EntryOnly => "No discount: for codes that let members join a group.",
    }
}

impl PosInputPage {
    fn offers(&self) -> [OfferOption; 6] {
        Offer::ALL.map(|offer| OfferOption { key: offer.key(), label: offer.label(), sentence: offer_sentence(offer) })
    }

    fn barcodes(&self) -> Vec<(&'static str, &'static str)> {
        Barcode::ALL.map(|barcode| (barcode.key(), barcode.label())).to_vec()
    }

    /// Codes on paper are for whoever holds the paper, or for the campaign's receivers where they type it in the app.
    fn in_app_hint(&self) -> &'static str {
        match self.frame.preview.channel {
            Channel::Code => {
                "Members can type the code in the app (I have a code). Needed where a group joins by this campaign."
            }
            _ => {
                "Members can type the code in the app (I have a code) instead of showing it at the till. Needed where a group joins by this campaign."
            }
        }
    }
}
