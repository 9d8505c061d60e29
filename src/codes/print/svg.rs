//! A sheet as a picture for the browser: the very marks of the PDF, its letters as outlines, so that no font is needed.

use std::collections::BTreeSet;
use std::fmt::Write;

use ttf_parser::{GlyphId, OutlineBuilder};

use super::card::Card;
use super::face::{Face, Faces};
use super::job::Job;
use super::plan::{Ink, Mark};

/// The first sheet.
pub fn sheet(job: &Job, cards: &[Card]) -> Result<String, String> {
    let faces = Faces::load()?;
    let (plan, (width, height)) = (job.plan(&faces), job.sheet.page());
    let mut picture = Picture { faces: &faces, accent: accent(job), used: BTreeSet::new(), body: String::new() };
    for (place, card) in cards.iter().enumerate() {
        let (x, y) = job.sheet.corner(job.first_place + place);
        picture.add(format_args!("<g transform=\"translate({x:.2} {y:.2})\">"));
        if !job.sheet.is_cut && !job.sheet.is_poster() {
            let (width, height) = job.sheet.card();
            picture.add(format_args!(
                "<rect width=\"{width:.2}\" height=\"{height:.2}\" rx=\"4\" fill=\"none\" stroke=\"#cfd4dc\" stroke-width=\".75\"/>"
            ));
        }
        plan.fixed.iter().for_each(|mark| picture.mark(mark));
        plan.card(&faces, &card.shown, &card.number, job.drawing(&card.code)?)
            .iter()
            .for_each(|mark| picture.mark(mark));
        picture.body.push_str("</g>");
    }
    if job.cut_marks {
        for [from, to] in job.sheet.cut_marks() {
            picture.add(format_args!(
                "<path d=\"M{:.2} {:.2}L{:.2} {:.2}\" stroke=\"#000\" stroke-width=\".5\"/>",
                from.0, from.1, to.0, to.1
            ));
        }
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.2} {height:.2}\" width=\"{width:.0}\" height=\"{height:.0}\">\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><defs>{}</defs>{}</svg>",
        picture.letters(),
        picture.body
    ))
}

fn accent(job: &Job) -> String {
    let [red, green, blue] = job.accent().map(|part| (part * 255.0).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

struct Picture<'a> {
    faces: &'a Faces,
    accent: String,
    /// Letters in use: bold or not, and which.
    used: BTreeSet<(bool, u16)>,
    body: String,
}

impl Picture<'_> {
    fn add(&mut self, text: std::fmt::Arguments) {
        // writing to a String cannot fail
        let _ = self.body.write_fmt(text);
    }

    fn mark(&mut self, mark: &Mark) {
        match mark {
            Mark::Text { x, y, size, bold, ink, text } => {
                let face = self.faces.get(*bold);
                let unit = size / f32::from(face.table.units_per_em());
                let fill = match ink {
                    Ink::Black => "#000",
                    Ink::Soft => "#4d4d4d",
                    Ink::Accent => &self.accent.clone(),
                };
                self.add(format_args!(
                    "<g transform=\"translate({x:.2} {y:.2})scale({unit:.5} -{unit:.5})\" fill=\"{fill}\">"
                ));
                let mut at = 0.0;
                for glyph in face.glyphs(text) {
                    self.used.insert((*bold, glyph.0));
                    self.add(format_args!("<use href=\"#{}\" x=\"{at:.0}\"/>", name(*bold, glyph.0)));
                    at += face.advance(glyph) * f32::from(face.table.units_per_em());
                }
                self.body.push_str("</g>");
            }
            Mark::Symbol { area, drawing } => {
                let (x, y) = (area.width / drawing.width as f32, area.height / drawing.height as f32);
                self.add(format_args!(
                    "<path transform=\"translate({:.2} {:.2})scale({x:.4} {y:.4})\" d=\"{}\"/>",
                    area.x,
                    area.y,
                    drawing.path()
                ));
            }
        }
    }

    fn letters(&self) -> String {
        let mut all = String::new();
        for (bold, glyph) in &self.used {
            let path = outline(self.faces.get(*bold), GlyphId(*glyph));
            let _ = write!(all, "<path id=\"{}\" d=\"{path}\"/>", name(*bold, *glyph));
        }
        all
    }
}

fn name(bold: bool, glyph: u16) -> String {
    format!("{}{glyph}", if bold { 'b' } else { 'r' })
}

fn outline(face: &Face, glyph: GlyphId) -> String {
    let mut path = Outline(String::new());
    face.table.outline_glyph(glyph, &mut path);
    path.0
}

struct Outline(String);

impl Outline {
    fn add(&mut self, text: std::fmt::Arguments) {
        let _ = self.0.write_fmt(text);
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add(format_args!("M{x} {y}"));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add(format_args!("L{x} {y}"));
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add(format_args!("Q{x1} {y1} {x} {y}"));
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add(format_args!("C{x1} {y1} {x2} {y2} {x} {y}"));
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}
