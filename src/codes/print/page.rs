//! **Print**: the form with its preview, and the file.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{self, Path, Query};
use askama::Template;
use serde_json::json;

use super::form::PrintForm;
use super::job::{Job, Source};
use super::offer::Offer;
use super::pdf::Printer;
use super::preview::Preview;
use super::sheet::Sheet;
use super::stream;
use crate::audit::{self, Change, Subject};
use crate::codes::barcode::Barcode;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::{FieldErrors, Form, PageResult, Shell, rejected, show};

#[derive(Template)]
#[template(path = "codes/print/new.html")]
struct PrintPage {
    shell: Shell,
    offer: Offer,
    form: PrintForm,
    preview: Preview,
    errors: FieldErrors,
}

/// `GET /campaigns/{id}/codes/print`: as usual, for a batch named in the address.
pub async fn new(shell: Shell, db: Db, id: Path<CampaignId>, typed: Query<PrintForm>) -> PageResult {
    let (id, organisation, batch) = (*id, shell.organisation.clone(), typed.into_inner().batch);
    let (offer, form, job) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let offer = Offer::find(conn, id)?;
            let form = PrintForm::usual(&offer, &batch, &organisation);
            let job = form.job(conn, &offer, &organisation)?;
            Ok((offer, form, job))
        })
        .await?;
    let preview = Preview::of(&offer, &form, job);
    show(&PrintPage { shell, offer, form, preview, errors: FieldErrors::new() })
}

/// `POST /campaigns/{id}/codes/print`: the file, or the page again with a preview of what is typed.
pub async fn create(shell: Shell, db: Db, id: Path<CampaignId>, Form { typed, .. }: Form<PrintForm>) -> PageResult {
    let (id, organisation, form) = (*id, shell.organisation.clone(), typed.clone());
    let (offer, job) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let offer = Offer::find(conn, id)?;
            let job = form.job(conn, &offer, &organisation)?;
            Ok((offer, job))
        })
        .await?;
    match job {
        _ if offer.nothing().is_some() => Err(AppError::NotFound),
        Ok(job) if typed.then.is_empty() => file(&shell, &db, &offer, job).await,
        Ok(job) => {
            let preview = Preview::of(&offer, &typed, Ok(job));
            show(&PrintPage { shell, offer, form: typed, preview, errors: FieldErrors::new() })
        }
        Err(errors) => {
            let preview = Preview::of(&offer, &typed, Err(errors.clone()));
            rejected(&PrintPage { shell, offer, form: typed, preview, errors })
        }
    }
}

/// Codes leave the house, so it is noted first.
async fn file(shell: &Shell, db: &Db, offer: &Offer, job: Job) -> PageResult {
    let (actor, now) = (shell.actor(), shell.now);
    let subject = Subject::new("campaign", offer.owner.id, offer.owner.name.clone());
    let after = json!({ "what": job.name, "cards": job.cards, "sheet": job.sheet.label, "numbers": numbers(&job) });
    db.write(move |conn| -> Result<_, AppError> {
        let change = Change { action: "codes printed", before: None, after: Some(after) };
        Ok(audit::append(conn, &actor, now, &subject, &change)?)
    })
    .await?;
    let name = format!("campaign-{}-{}-{}.pdf", offer.owner.id, job.sheet.key, shell.organisation.today(now));
    let printer = web::block(move || Printer::begin(job)).await.map_err(AppError::internal)?;
    let printer = printer.map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(stream::pages(db.clone(), printer)))
}

fn numbers(job: &Job) -> Option<String> {
    match &job.source {
        Source::Pile { from, to, .. } => Some(format!("{from}–{to}")),
        Source::Copies { .. } => None,
    }
}

impl PrintPage {
    fn path(&self) -> String {
        self.offer.owner.print_path()
    }

    fn sheets(&self) -> &'static [Sheet] {
        &Sheet::ALL
    }

    fn about(&self, kind: &Barcode) -> &'static str {
        match kind {
            Barcode::Qr => "Small, and read by telephones too.",
            Barcode::Code128 => "Bars, for letters and digits.",
            Barcode::Ean13 => "Bars as on goods, for codes of 12 or 13 digits.",
        }
    }

    fn barcodes(&self) -> [Barcode; 3] {
        Barcode::ALL
    }
}
