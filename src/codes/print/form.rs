//! What is typed on the page.

use diesel::{PgConnection, QueryResult};
use serde::{Deserialize, Serialize};

use super::card::Range;
use super::face::Faces;
use super::job::{Job, Source};
use super::offer::{BatchOffer, Offer};
use super::plan::Wording;
use super::sheet::Sheet;
use crate::campaigns::steps::whole;
use crate::codes::barcode::Barcode;
use crate::settings::Organisation;
use crate::web::FieldErrors;
use crate::web::filters::grouped;
use crate::web::text::{Line, Paragraphs};

/// Cards of one file.
pub const MOST: i32 = 100_000;

/// As typed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct PrintForm {
    pub batch: String,
    pub from: String,
    pub to: String,
    pub copies: String,
    pub sheet: String,
    pub start_at: String,
    pub title: String,
    pub text: String,
    pub validity: String,
    pub barcode: String,
    pub holds: String,
    pub numbered: String,
    pub cut_marks: String,
    /// Which button: empty for the PDF.
    #[serde(skip_serializing)]
    pub then: String,
}

impl PrintForm {
    /// Before anything was typed.
    pub fn usual(offer: &Offer, batch: &str, organisation: &Organisation) -> Self {
        let chosen = offer.batches.iter().find(|of| of.id.to_string() == batch).or(offer.batches.first());
        let is_letter = matches!(organisation.phone_region.as_str(), "US" | "CA" | "MX");
        let (letter, a4) =
            if offer.shared.is_some() { ("poster-letter", "poster-a4") } else { ("cards-letter", "cards-a4") };
        let barcode = offer.owner.barcode();
        Self {
            batch: chosen.map(|of| of.id.to_string()).unwrap_or_default(),
            from: "1".into(),
            to: chosen.map(|of| of.codes.min(MOST.into()).to_string()).unwrap_or_default(),
            copies: "1".into(),
            sheet: if is_letter { letter } else { a4 }.into(),
            start_at: "1".into(),
            title: offer.title.clone(),
            text: offer.text.clone(),
            validity: offer.validity(organisation),
            barcode: barcode.key().into(),
            holds: if offer.in_app { "link" } else { "code" }.into(),
            numbered: if offer.shared.is_some() { "" } else { "on" }.into(),
            cut_marks: "on".into(),
            then: String::new(),
        }
    }

    /// Checked; what is wrong is told at its field.
    pub fn job(
        &self,
        conn: &mut PgConnection,
        offer: &Offer,
        organisation: &Organisation,
    ) -> QueryResult<Result<Job, FieldErrors>> {
        let mut errors = FieldErrors::new();
        let source = self.source(offer, &mut errors);
        let sheet = errors.take("sheet", Sheet::parse(&self.sheet));
        let first_place = sheet.and_then(|sheet| {
            let most = i32::try_from(sheet.cards()).unwrap_or(1);
            errors.take("start_at", whole::parse(&self.start_at, 1..=most)).map(|typed| typed.unwrap_or(1))
        });
        let wording = self.wording(organisation, &mut errors);
        let barcode = errors.take("barcode", Barcode::parse(&self.barcode));
        let link = self.link(offer, barcode, &mut errors);
        let (Some((source, title)), Some(sheet), Some(first), Some(wording), Some(barcode), Some(link)) =
            (source, sheet, first_place, wording, barcode, link)
        else {
            return Ok(Err(errors));
        };
        let job = Job {
            name: format!("{}: {title}", offer.owner.name),
            source,
            sheet,
            barcode,
            link,
            wording,
            format: offer.owner.format(),
            colour: organisation.colour.clone(),
            is_numbered: !self.numbered.is_empty(),
            cut_marks: sheet.is_cut && !self.cut_marks.is_empty(),
            first_place: usize::try_from(first - 1).unwrap_or(0),
            cards: 0,
            longest: String::new(),
        };
        looked_at(conn, job)
    }

    fn source(&self, offer: &Offer, errors: &mut FieldErrors) -> Option<(Source, String)> {
        if let Some(code) = &offer.shared {
            let copies = errors.take("copies", whole::parse(&self.copies, 1..=MOST))?;
            return Some((Source::Copies { code: code.clone(), count: copies.unwrap_or(1).into() }, "one code".into()));
        }
        let batch = offer.batches.iter().find(|of| of.id.to_string() == self.batch);
        let batch = errors.take("batch", batch.ok_or("Choose a batch"))?;
        self.range(batch, errors).map(|(from, to)| {
            let pile = batch.pile(offer.owner.id);
            (Source::Pile { pile, from, to, digits: batch.codes.to_string().len() }, batch.title())
        })
    }

    fn range(&self, batch: &BatchOffer, errors: &mut FieldErrors) -> Option<(i64, i64)> {
        let most = i32::try_from(batch.codes).unwrap_or(i32::MAX);
        let from = errors.take("from", whole::parse(&self.from, 1..=most))?.unwrap_or(1);
        let to = errors.take("to", whole::parse(&self.to, 1..=most))?.unwrap_or(most);
        if to < from {
            errors.add("to", format!("Enter a number from {} on", grouped(from.into())));
            return None;
        }
        if to - from >= MOST {
            let last = grouped((from + MOST - 1).into());
            errors.add("to", format!("One file takes {} cards: enter at most {last}", grouped(MOST.into())));
            return None;
        }
        Some((from.into(), to.into()))
    }

    fn wording(&self, organisation: &Organisation, errors: &mut FieldErrors) -> Option<Wording> {
        let faces = Faces::load().ok()?;
        let mut checked = |field: &str, parsed: Result<Option<String>, String>| {
            let text = errors.take(field, parsed)?.unwrap_or_default();
            errors.take(field, faces.can_print(&text)).map(|()| text)
        };
        let title = checked("title", Line::parse(&self.title, 80));
        let text = checked("text", Paragraphs::parse(&self.text, 500));
        let validity = checked("validity", Line::parse(&self.validity, 80));
        let organisation =
            if faces.can_print(&organisation.name).is_ok() { organisation.name.clone() } else { String::new() };
        Some(Wording { organisation, title: title?, text: text?, validity: validity? })
    }

    /// What comes before the code in a QR code; empty: nothing.
    fn link(&self, offer: &Offer, barcode: Option<Barcode>, errors: &mut FieldErrors) -> Option<String> {
        match self.holds.as_str() {
            "link" if barcode != Some(Barcode::Qr) => Some(String::new()),
            "link" if offer.in_app => Some(format!("{}/app/code?code=", offer.public_url)),
            "link" => {
                errors.add("holds", "The app does not take these codes: print the code itself, or tick Allow in app validation in the campaign");
                None
            }
            _ => Some(String::new()),
        }
    }
}

/// With what the codes themselves decide.
fn looked_at(conn: &mut PgConnection, mut job: Job) -> QueryResult<Result<Job, FieldErrors>> {
    match &job.source {
        Source::Copies { code, count } => (job.longest, job.cards) = (code.clone(), *count),
        Source::Pile { pile, from, to, .. } => {
            let range = Range::of(conn, *pile, *from, *to)?;
            let Some(longest) = range.longest else {
                return Ok(Err(FieldErrors::one(
                    "from",
                    "All these codes are used, or members have them: there is nothing to print",
                )));
            };
            if let (Barcode::Ean13, Some(code)) = (job.barcode, range.no_digits) {
                return Ok(Err(FieldErrors::one("barcode", no_ean(&code))));
            }
            (job.longest, job.cards) = (longest, range.free);
        }
    }
    Ok(job.fits().map_err(|message| FieldErrors::one("barcode", message)).map(|()| job))
}

fn no_ean(code: &str) -> String {
    format!("EAN-13 takes codes of 12 or 13 digits only, and one of these is {code}. Choose QR or Code 128")
}
