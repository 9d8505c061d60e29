//! Puts cards on sheets, one after the other.

use pdf_writer::{Content, Name, Rect, Ref, Settings};

use super::file::File;
use super::font::Font;
use super::paint::{Brush, cuts};
use crate::codes::print::card::Card;
use crate::codes::print::face::Faces;
use crate::codes::print::job::Job;
use crate::codes::print::plan::Plan;

/// A PDF in the making.
pub struct Printer {
    job: Job,
    faces: Faces,
    plan: Plan,
    brush: Brush,
    file: File,
    fonts: [Ref; 2],
    fixed: Ref,
    sheet: Content,
    /// The next free place on the sheet.
    place: usize,
}

impl Printer {
    /// Begins the file: fonts, and what all cards have in common.
    pub fn begin(job: Job) -> Result<Self, String> {
        let faces = Faces::load()?;
        let plan = job.plan(&faces);
        let letters = job.letters();
        let brush = Brush {
            regular: Font::of(&faces.regular, &letters),
            bold: Font::of(&faces.bold, &letters),
            accent: job.accent(),
        };
        let mut file = File::begin(job.sheet.page());
        let fonts = [brush.regular.embed(&mut file, &faces.regular)?, brush.bold.embed(&mut file, &faces.bold)?];
        let fixed = file.reserve();
        let mut content = content();
        brush.marks(&mut content, &plan.fixed);
        let (content, (width, height)) = (content.finish(), job.sheet.card());
        file.object(fixed, |chunk| {
            let mut form = chunk.form_xobject(fixed, &content);
            form.bbox(Rect::new(0.0, -height, width, 0.0));
            form.resources().fonts().pair(Name(b"R"), fonts[0]).pair(Name(b"B"), fonts[1]);
        });
        let place = job.first_place;
        Ok(Self { job, faces, plan, brush, file, fonts, fixed, sheet: self::content(), place })
    }

    /// What it prints.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The next cards; gives what is finished of the file.
    pub fn print(&mut self, cards: &[Card]) -> Result<Vec<u8>, String> {
        for card in cards {
            let ((x, y), height) = (self.job.sheet.corner(self.place), self.job.sheet.page().1);
            let marks = self.plan.card(&self.faces, &card.shown, &card.number, self.job.drawing(&card.code)?);
            self.sheet.save_state().transform([1.0, 0.0, 0.0, 1.0, x, height - y]).x_object(Name(b"C"));
            self.brush.marks(&mut self.sheet, &marks);
            self.sheet.restore_state();
            self.place += 1;
            if self.place == self.job.sheet.cards() {
                self.end_sheet();
            }
        }
        Ok(self.file.take())
    }

    fn end_sheet(&mut self) {
        let mut sheet = std::mem::replace(&mut self.sheet, content());
        if self.job.cut_marks {
            cuts(&mut sheet, &self.job.sheet.cut_marks(), self.job.sheet.page().1);
        }
        self.file.page(sheet.finish().as_slice(), self.fonts, self.fixed);
        self.place = 0;
    }

    /// The last sheet and the end of the file.
    pub fn end(&mut self) -> Vec<u8> {
        if self.place > 0 || self.file.pages() == 0 {
            self.end_sheet();
        }
        self.file.end(&self.job.name);
        self.file.take()
    }
}

fn content() -> Content {
    Content::with_settings(Settings { pretty: false })
}
