//! What is printed, checked.

use super::card::{Card, Pile, shown};
use super::face::Faces;
use super::plan::{Look, Plan, Wording};
use super::sheet::Sheet;
use crate::codes::alphabet::CodeFormat;
use crate::codes::barcode::{self, Barcode, Drawing};

/// Where the cards come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Codes of a pile by number, first and last; `digits` of the pile's last number.
    Pile { pile: Pile, from: i64, to: i64, digits: usize },
    /// The same code on all.
    Copies { code: String, count: i64 },
}

/// A print.
#[derive(Debug, Clone)]
pub struct Job {
    /// What the file is called inside.
    pub name: String,
    /// What is on the cards.
    pub source: Source,
    /// On what.
    pub sheet: &'static Sheet,
    /// How the code is drawn.
    pub barcode: Barcode,
    /// What comes before the code in a QR code.
    pub link: String,
    /// The same on all.
    pub wording: Wording,
    /// How codes are spelled.
    pub format: CodeFormat,
    /// `#rrggbb`, of the organisation.
    pub colour: String,
    /// Whether each card has its number.
    pub is_numbered: bool,
    /// Whether to say where to cut.
    pub cut_marks: bool,
    /// The first free place of the first sheet, from 0.
    pub first_place: usize,
    /// How many there are.
    pub cards: i64,
    /// The longest code.
    pub longest: String,
}

const MM: f32 = 72.0 / 25.4;

impl Job {
    /// Sheets of paper.
    pub fn sheets(&self) -> i64 {
        let places = self.cards + i64::try_from(self.first_place).unwrap_or(0);
        let each = i64::try_from(self.sheet.cards()).unwrap_or(1);
        (places + each - 1) / each
    }

    /// Where everything stands.
    pub fn plan(&self, faces: &Faces) -> Plan {
        let (longest, number) = (shown(&self.format, &self.longest), self.number(0));
        let look = Look {
            sheet: self.sheet,
            barcode: self.barcode,
            modules: self.drawing(&self.longest).map_or(0, |drawing| drawing.width),
            longest: &longest,
            number: self.is_numbered.then_some(number.as_str()),
        };
        Plan::of(faces, &self.wording, &look)
    }

    /// A code as its barcode.
    pub fn drawing(&self, code: &str) -> Result<Drawing, String> {
        if self.link.is_empty() {
            return barcode::drawing(self.barcode, code);
        }
        barcode::drawing(self.barcode, &format!("{}{code}", self.link))
    }

    /// One of its cards.
    pub fn card(&self, number: i64, code: String) -> Card {
        let number = if self.is_numbered { self.number(number) } else { String::new() };
        Card { shown: shown(&self.format, &code), number, code }
    }

    /// "No. 00042", as long as the pile's last number.
    fn number(&self, number: i64) -> String {
        match &self.source {
            Source::Pile { digits, .. } => format!("No. {number:0digits$}"),
            Source::Copies { count, .. } => format!("No. {number:0digits$}", digits = count.to_string().len()),
        }
    }

    /// Whether a scanner can read the barcode in this size; the error says what to choose.
    pub fn fits(&self) -> Result<(), String> {
        let faces = Faces::load()?;
        let drawing = self.drawing(&self.longest)?;
        let module = self.plan(&faces).symbol.width / drawing.width as f32;
        // what usual scanners and telephones read from paper
        let least = match self.barcode {
            Barcode::Qr => 0.33 * MM,
            Barcode::Code128 => 0.19 * MM,
            Barcode::Ean13 => 0.264 * MM,
        };
        if module >= least {
            return Ok(());
        }
        let barcode = self.barcode.label();
        Err(format!(
            "{barcode} would be too fine to be scanned on a card of this size. Choose a larger card, or QR with the code itself"
        ))
    }

    /// Every character that may come.
    pub fn letters(&self) -> String {
        let Wording { organisation, title, text, validity } = &self.wording;
        let digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ No.-…";
        format!("{digits}{organisation}{title}{text}{validity}")
    }

    /// Red, green and blue of the organisation, 0 to 1; dark enough to be read on white paper.
    pub fn accent(&self) -> [f32; 3] {
        let part = |place: usize| {
            let hex = self.colour.get(place..place + 2).unwrap_or("00");
            f32::from(u8::from_str_radix(hex, 16).unwrap_or(0)) / 255.0
        };
        let colour = [part(1), part(3), part(5)];
        let bright = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2];
        if bright > 0.5 { colour.map(|part| part * 0.5 / bright) } else { colour }
    }
}
