//! The first sheet as it will be, beside the form.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{self, Path, Query};
use askama::Template;
use diesel::{PgConnection, QueryResult};

use super::card::{Card, PileCode};
use super::face::Faces;
use super::form::PrintForm;
use super::job::{Job, Source};
use super::offer::Offer;
use super::svg;
use crate::db::Db;
use crate::error::AppError;
use crate::ids::CampaignId;
use crate::web::filters::grouped;
use crate::web::{FieldErrors, PageResult, Shell, show};

/// What stands beside the form.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The picture's address; empty: there is none.
    pub picture: String,
    /// Of the paper, in points.
    pub size: (i64, i64),
    /// "10,000 cards on 1,000 sheets of A4"
    pub words: String,
    /// What to know before printing.
    pub notes: Vec<String>,
    /// Why there is no picture.
    pub problem: String,
}

#[derive(Template)]
#[template(path = "codes/print/preview.html")]
struct PreviewPart {
    preview: Preview,
}

/// `GET /campaigns/{id}/codes/print/preview`: the part of the page, of what is typed.
pub async fn show_part(shell: Shell, db: Db, id: Path<CampaignId>, form: Query<PrintForm>) -> PageResult {
    let (id, form, organisation) = (*id, form.into_inner(), shell.organisation.clone());
    let preview = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let offer = Offer::find(conn, id)?;
            let job = form.job(conn, &offer, &organisation)?;
            Ok(Preview::of(&offer, &form, job))
        })
        .await?;
    show(&PreviewPart { preview })
}

/// `GET /campaigns/{id}/codes/print/sheet.svg`: the first sheet.
pub async fn show_sheet(shell: Shell, db: Db, id: Path<CampaignId>, form: Query<PrintForm>) -> PageResult {
    let (id, form, organisation) = (*id, form.into_inner(), shell.organisation.clone());
    let (job, cards) = db
        .snapshot(move |conn| -> Result<_, AppError> {
            let offer = Offer::find(conn, id)?;
            let job = form.job(conn, &offer, &organisation)?.map_err(|_| AppError::NotFound)?;
            let cards = first_cards(conn, &job)?;
            Ok((job, cards))
        })
        .await?;
    let picture = web::block(move || svg::sheet(&job, &cards)).await.map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(picture.map_err(AppError::internal)?))
}

/// Those of the first sheet.
fn first_cards(conn: &mut PgConnection, job: &Job) -> QueryResult<Vec<Card>> {
    let most = job.sheet.cards() - job.first_place;
    let (pile, from, to) = match &job.source {
        Source::Copies { code, count } => {
            return Ok((1..=*count).take(most).map(|number| job.card(number, code.clone())).collect());
        }
        Source::Pile { pile, from, to, .. } => (*pile, *from, *to),
    };
    /// Of which the first sheet is filled; where nearly all before are used it stays emptier than in the file.
    const LOOKED_AT: i64 = 1_000;
    let before = PileCode::before(conn, pile, from)?;
    let codes = PileCode::after(conn, pile, &before, LOOKED_AT.min(to - from + 1))?;
    let numbered = (from..).zip(codes).filter(|(_, code)| code.is_free).take(most);
    Ok(numbered.map(|(number, code)| job.card(number, code.text)).collect())
}

impl Preview {
    /// Of a form that was looked at.
    pub fn of(offer: &Offer, form: &PrintForm, job: Result<Job, FieldErrors>) -> Self {
        let job = match job {
            Ok(job) => job,
            Err(errors) => {
                let problem = errors.iter().next().map(|error| error.message.clone()).unwrap_or_default();
                return Self { problem, ..Self::default() };
            }
        };
        let query = serde_html_form::to_string(form).unwrap_or_default();
        let (width, height) = job.sheet.page();
        Self {
            picture: format!("{}/sheet.svg?{query}", offer.owner.print_path()),
            size: (width.round() as i64, height.round() as i64),
            words: words(&job),
            notes: notes(offer, &job),
            problem: String::new(),
        }
    }
}

fn words(job: &Job) -> String {
    let count =
        |number: i64, one: &str, many: &str| format!("{} {}", grouped(number), if number == 1 { one } else { many });
    let sheets = format!("{} of {}", count(job.sheets(), "sheet", "sheets"), job.sheet.paper);
    if job.sheet.is_poster() {
        return format!("{} on {sheets}", count(job.cards, "poster", "posters"));
    }
    format!("{} on {sheets}", count(job.cards, "card", "cards"))
}

fn notes(offer: &Offer, job: &Job) -> Vec<String> {
    let mut notes = Vec::new();
    if let Source::Pile { from, to, .. } = job.source {
        match to - from + 1 - job.cards {
            0 => {}
            1 => notes.push("1 code is left out: it is used, or a member has it.".into()),
            out => notes.push(format!("{} codes are left out: they are used, or members have them.", grouped(out))),
        }
    }
    if offer.is_handed_out {
        notes.push("This campaign hands the same codes to its receivers. Print only those that you keep from them, or make a Code coupon for cards.".into());
    }
    if let Ok(faces) = Faces::load() {
        let cut = job.plan(&faces).cut.join(" and ");
        if !cut.is_empty() {
            notes.push(format!("{cut}: too long for this size, so it ends in an ellipsis."));
        }
    }
    notes
}
