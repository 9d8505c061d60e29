//! Where everything stands on a card. Worked out once: from card to card only code, number and barcode differ.

use super::face::Faces;
use super::lines::{Lines, lines};
use super::sheet::Sheet;
use crate::codes::barcode::{Barcode, Drawing};

/// What all cards say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// Whose card it is.
    pub organisation: String,
    /// What it is good for.
    pub title: String,
    /// More about it.
    pub text: String,
    /// "Valid until 24 Dec 2026"
    pub validity: String,
}

/// In which colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Codes and titles.
    Black,
    /// What is read second.
    Soft,
    /// The organisation's colour.
    Accent,
}

/// Something on a card, in points from its upper left corner.
#[derive(Debug, Clone)]
pub enum Mark {
    /// A line of text; `y` is its baseline.
    Text { x: f32, y: f32, size: f32, bold: bool, ink: Ink, text: String },
    /// A barcode with its quiet zone.
    Symbol { area: Area, drawing: Drawing },
}

/// A rectangle.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Area {
    /// From the left.
    pub x: f32,
    /// From above.
    pub y: f32,
    /// Points.
    pub width: f32,
    /// Points.
    pub height: f32,
}

/// What the layout depends on.
pub struct Look<'a> {
    /// On what.
    pub sheet: &'a Sheet,
    /// Which barcode.
    pub barcode: Barcode,
    /// Modules of the widest barcode, with its quiet zone.
    pub modules: usize,
    /// The longest code as it is shown: "ABCD EFGH".
    pub longest: &'a str,
    /// The widest number; none: cards have no numbers.
    pub number: Option<&'a str>,
}

/// The layout.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The same on all cards.
    pub fixed: Vec<Mark>,
    /// Where the barcode is.
    pub symbol: Area,
    /// What was too long: "Title", "Text".
    pub cut: Vec<&'static str>,
    code: Place,
    code_lines: usize,
    number: Option<Place>,
}

/// Of a line that differs.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The left end, or the middle.
    x: f32,
    y: f32,
    size: f32,
    width: f32,
    is_centred: bool,
}

/// Font sizes.
struct Sizes {
    small: f32,
    title: f32,
    text: f32,
    code: f32,
}

/// Where texts go.
#[derive(Clone, Copy)]
struct Column {
    x: f32,
    width: f32,
    is_centred: bool,
}

const LEADING: f32 = 1.26;
/// How far a letter goes below its line, and a capital above it.
const BELOW: f32 = 0.22;
const ABOVE: f32 = 0.76;
const MM: f32 = 72.0 / 25.4;

impl Plan {
    /// Lays a card out: a QR code beside the texts where the card is wide, everything else one below the other.
    pub fn of(faces: &Faces, wording: &Wording, look: &Look) -> Self {
        let (width, height) = look.sheet.card();
        let is_beside = look.barcode == Barcode::Qr && width / height >= 1.25;
        let base = if is_beside { height } else { width.min(height) };
        let scale = (base / 156.0).powf(0.6);
        let sizes = Sizes {
            small: (7.0 * scale).max(5.0),
            title: 13.0 * scale * if look.sheet.is_poster() { 1.5 } else { 1.0 },
            text: (9.0 * scale).max(5.8),
            code: 13.0 * scale,
        };
        let pad = if look.sheet.is_poster() { base * 0.09 } else { (base * 0.08).clamp(5.0, 14.0) };
        let mut plan = Self {
            fixed: Vec::new(),
            symbol: Area::default(),
            cut: Vec::new(),
            code: Place { x: 0.0, y: 0.0, size: sizes.code, width, is_centred: !is_beside },
            code_lines: 1,
            number: None,
        };
        if is_beside {
            plan.beside(faces, wording, look, &sizes, pad)
        } else {
            plan.stacked(faces, wording, look, &sizes, pad)
        }
        plan
    }

    fn beside(&mut self, faces: &Faces, wording: &Wording, look: &Look, sizes: &Sizes, pad: f32) {
        let (width, height) = look.sheet.card();
        let side = height.min(width * 0.46).min(150.0);
        self.symbol = Area { x: width - side, y: (height - side) / 2.0, width: side, height: side };
        let column = Column { x: pad, width: width - side - pad, is_centred: false };
        let foot = self.foot(faces, wording, look, sizes, column, height - pad);
        let code = self.size_code(look, sizes, column);
        let first = foot - sizes.small * 0.6 - code * BELOW - (self.code_lines - 1) as f32 * code * LEADING;
        self.code = Place { x: column.x, y: first, size: code, width: column.width, is_centred: false };
        self.head(faces, wording, sizes, column, pad, first - code * (ABOVE + 0.3), (height > 90.0, 2));
    }

    fn stacked(&mut self, faces: &Faces, wording: &Wording, look: &Look, sizes: &Sizes, pad: f32) {
        let (width, height) = look.sheet.card();
        let column = Column { x: pad, width: width - 2.0 * pad, is_centred: true };
        let foot = self.foot(faces, wording, look, sizes, column, height - pad);
        let code = self.size_code(look, sizes, column);
        let code_height = code * (ABOVE + BELOW + 0.3) + (self.code_lines - 1) as f32 * code * LEADING;
        let last = foot - sizes.small * 0.6 - code_height;
        let is_qr = look.barcode == Barcode::Qr;
        let least = if is_qr { height * 0.42 } else { (height * 0.24).max(16.0) };
        let titles = if look.sheet.is_poster() { 3 } else { 2 };
        let limit = last - least - if is_qr { 0.0 } else { sizes.text * 0.4 };
        let top = self.head(faces, wording, sizes, column, pad, limit, (width.min(height) > 90.0, titles));
        // bars stand apart from what is above them; QR codes bring a wide margin
        let top = if is_qr { top } else { top + sizes.text * 0.4 };
        let room = (last - top).max(least);
        let most = if look.sheet.is_poster() { width * 0.74 } else { width };
        let (wide, high) = if is_qr {
            (room.min(most), room.min(most))
        } else {
            let module = if look.sheet.is_poster() { 1.2 * MM } else { 0.5 * MM };
            let wide = (look.modules as f32 * module).min(most);
            (wide, room.min(wide * 0.5).max(least.min(room)))
        };
        let y = top + (room - high) / 2.0;
        self.symbol = Area { x: (width - wide) / 2.0, y, width: wide, height: high };
        let first = y + high + code * (ABOVE + if is_qr { 0.0 } else { 0.35 });
        self.code = Place { x: width / 2.0, y: first, size: code, width: column.width, is_centred: true };
    }

    /// Organisation, title and as much text as there is room for; gives where it ends.
    fn head(
        &mut self,
        faces: &Faces,
        wording: &Wording,
        sizes: &Sizes,
        column: Column,
        top: f32,
        limit: f32,
        (has_organisation, titles): (bool, usize),
    ) -> f32 {
        let mut y = top;
        if has_organisation && !wording.organisation.is_empty() {
            let of = lines(&faces.bold, &wording.organisation, sizes.small, column.width, 1);
            y = self.block(faces, &of.lines, (sizes.small, true, Ink::Accent), column, y) + sizes.small * 0.5;
        }
        let fits = |from: f32, size: f32| (((limit - from) / (size * LEADING)).floor().max(0.0)) as usize;
        let most = titles.min(fits(y, sizes.title).max(1));
        // a little smaller where it then fits
        let (of, size) = smaller(sizes.title, |size| lines(&faces.bold, &wording.title, size, column.width, most));
        self.cut.extend(of.is_cut.then_some("Title"));
        y = self.block(faces, &of.lines, (size, true, Ink::Black), column, y);
        if !of.lines.is_empty() {
            y += sizes.text * 0.25;
        }
        let room = fits(y, sizes.text);
        let of = lines(&faces.regular, &wording.text, sizes.text, column.width, room);
        self.cut.extend(of.is_cut.then_some("Text"));
        if room > 0 { self.block(faces, &of.lines, (sizes.text, false, Ink::Black), column, y) } else { y }
    }

    /// Validity and number at the bottom; gives where it begins.
    fn foot(
        &mut self,
        faces: &Faces,
        wording: &Wording,
        look: &Look,
        sizes: &Sizes,
        column: Column,
        bottom: f32,
    ) -> f32 {
        let (face, size) = (&faces.regular, sizes.small);
        let validity = lines(face, &wording.validity, size, column.width, 2);
        self.cut.extend(validity.is_cut.then_some("Validity"));
        let mut y = bottom - size * BELOW;
        let width_of = |text: &str| face.width(text, size);
        if let Some(number) = look.number {
            let (own, gap) = (width_of(number), size * 1.1);
            let beside = validity.lines.len() == 1 && width_of(&validity.lines[0]) + gap + own <= column.width;
            let x = match (beside, column.is_centred) {
                // the two together in the middle
                (true, true) => column.x + (column.width + width_of(&validity.lines[0]) + gap) / 2.0,
                (true, false) => column.x + width_of(&validity.lines[0]) + gap + own / 2.0,
                (false, true) => column.x + column.width / 2.0,
                (false, false) => column.x,
            };
            let is_centred = beside || column.is_centred;
            self.number = Some(Place { x, y, size, width: column.width, is_centred });
            if beside {
                let x = if column.is_centred { x - own / 2.0 - gap - width_of(&validity.lines[0]) } else { column.x };
                self.text((x, y), (size, false, Ink::Soft), validity.lines[0].clone());
                return y - size * ABOVE;
            }
            y -= size * LEADING;
        }
        for line in validity.lines.iter().rev() {
            let x = column.start(width_of(line));
            self.text((x, y), (size, false, Ink::Soft), line.clone());
            y -= size * LEADING;
        }
        y + size * LEADING - size * ABOVE
    }

    /// One line if it stays legible, else two.
    fn size_code(&mut self, look: &Look, sizes: &Sizes, column: Column) -> f32 {
        // of the font's size; few codes are wider, and they are drawn a little smaller
        let estimate = |text: &str| text.chars().map(|c| if c == ' ' { 0.3 } else { 0.7 }).sum::<f32>();
        let whole = column.width / estimate(look.longest);
        if whole >= sizes.code.min(7.0) {
            return whole.min(sizes.code);
        }
        self.code_lines = 2;
        let widest = halves(look.longest).iter().map(|half| estimate(half)).fold(1.0, f32::max);
        (column.width / widest).min(sizes.code)
    }

    fn block(&mut self, faces: &Faces, lines: &[String], look: (f32, bool, Ink), column: Column, top: f32) -> f32 {
        let mut y = top;
        for line in lines {
            let x = column.start(faces.get(look.1).width(line, look.0));
            self.text((x, y + look.0 * ABOVE), look, line.clone());
            y += look.0 * LEADING;
        }
        y
    }

    fn text(&mut self, (x, y): (f32, f32), (size, bold, ink): (f32, bool, Ink), text: String) {
        self.fixed.push(Mark::Text { x, y, size, bold, ink, text });
    }

    /// What one card adds to the rest.
    pub fn card(&self, faces: &Faces, shown: &str, number: &str, drawing: Drawing) -> Vec<Mark> {
        let mut marks = vec![Mark::Symbol { area: self.symbol, drawing }];
        let lines = if self.code_lines == 2 { halves(shown) } else { vec![shown.to_owned()] };
        for (place, line) in lines.into_iter().enumerate() {
            let at = Place { y: self.code.y + place as f32 * self.code.size * LEADING, ..self.code };
            marks.push(at.mark(faces, line, true, Ink::Black));
        }
        marks.extend(self.number.map(|place| place.mark(faces, number.to_owned(), false, Ink::Soft)));
        marks
    }
}

impl Place {
    fn mark(self, faces: &Faces, text: String, bold: bool, ink: Ink) -> Mark {
        let wide = faces.get(bold).width(&text, 1.0).max(0.01);
        let size = self.size.min(self.width / wide);
        let x = if self.is_centred { self.x - wide * size / 2.0 } else { self.x };
        Mark::Text { x, y: self.y, size, bold, ink, text }
    }
}

impl Column {
    fn start(self, width: f32) -> f32 {
        if self.is_centred { self.x + (self.width - width) / 2.0 } else { self.x }
    }
}

/// The first of some sizes in which nothing is cut, else the usual one.
fn smaller(size: f32, lay: impl Fn(f32) -> Lines) -> (Lines, f32) {
    let sizes = [1.0, 0.94, 0.88, 0.82, 0.76].map(|share| share * size);
    let fitting = sizes.into_iter().map(|size| (lay(size), size)).find(|(of, _)| !of.is_cut);
    fitting.unwrap_or_else(|| (lay(size), size))
}

/// "ABCD EFGH IJ" → "ABCD EFGH", "IJ": between groups, else in the middle.
fn halves(shown: &str) -> Vec<String> {
    let middle = shown.len() / 2;
    let cut = shown.char_indices().filter(|(_, c)| matches!(c, ' ' | '-')).map(|(place, _)| place + 1);
    let cut = cut.min_by_key(|place| place.abs_diff(middle)).unwrap_or(middle);
    match shown.split_at_checked(cut) {
        Some((first, second)) => vec![first.trim_end().to_owned(), second.to_owned()],
        None => vec![shown.to_owned()],
    }
}
