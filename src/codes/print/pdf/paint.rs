//! Marks as the content of a page. PDF counts from the lower left corner, marks from the upper left.

use pdf_writer::{Content, Name, Str};

use super::font::Font;
use crate::codes::barcode::Drawing;
use crate::codes::print::plan::{Area, Ink, Mark};

/// Draws with these fonts and this accent.
pub struct Brush {
    /// Regular.
    pub regular: Font,
    /// Bold.
    pub bold: Font,
    /// Red, green, blue of the organisation, 0 to 1.
    pub accent: [f32; 3],
}

impl Brush {
    /// What stands on a card; the origin is the card's upper left corner.
    pub fn marks(&self, content: &mut Content, marks: &[Mark]) {
        for mark in marks {
            match mark {
                Mark::Text { x, y, size, bold, ink, text } => {
                    let (font, name) = if *bold { (&self.bold, Name(b"B")) } else { (&self.regular, Name(b"R")) };
                    match ink {
                        Ink::Black => content.set_fill_gray(0.0),
                        Ink::Soft => content.set_fill_gray(0.3),
                        Ink::Accent => content.set_fill_rgb(self.accent[0], self.accent[1], self.accent[2]),
                    };
                    content.begin_text().set_font(name, round(*size)).next_line(round(*x), round(-y));
                    content.show(Str(&font.spell(text))).end_text();
                }
                Mark::Symbol { area, drawing } => symbol(content, *area, drawing),
            }
        }
    }
}

/// All modules are one path, so that no seam shows between them.
fn symbol(content: &mut Content, area: Area, drawing: &Drawing) {
    let (x, y) = (area.width / drawing.width as f32, area.height / drawing.height as f32);
    content.save_state().set_fill_gray(0.0).transform([x, 0.0, 0.0, -y, round(area.x), round(-area.y)]);
    for [x, y, width, height] in &drawing.dark {
        content.rect(*x as f32, *y as f32, *width as f32, *height as f32);
    }
    content.fill_nonzero().restore_state();
}

/// Cut marks, from the paper's upper left corner.
pub fn cuts(content: &mut Content, marks: &[[(f32, f32); 2]], height: f32) {
    content.save_state().set_line_width(0.25).set_stroke_gray(0.0);
    for [from, to] in marks {
        content.move_to(round(from.0), round(height - from.1)).line_to(round(to.0), round(height - to.1));
    }
    content.stroke().restore_state();
}

/// A hundredth of a point is finer than any printer.
fn round(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}
