//! The letters that are printed: Inter (SIL Open Font License) in two weights, with Latin, Greek and Cyrillic.

use ttf_parser::GlyphId;

/// A weight of the font.
pub struct Face {
    /// The whole file.
    pub data: &'static [u8],
    /// As PDF files call it.
    pub name: &'static str,
    /// What the file says.
    pub table: ttf_parser::Face<'static>,
}

/// Both weights.
pub struct Faces {
    /// For texts.
    pub regular: Face,
    /// For titles and codes.
    pub bold: Face,
}

impl Faces {
    /// Reads both; fails only where the program was built with a broken font.
    pub fn load() -> Result<Self, String> {
        Ok(Self {
            regular: Face::load(include_bytes!("../../../fonts/Inter-Regular.ttf"), "Inter-Regular")?,
            bold: Face::load(include_bytes!("../../../fonts/Inter-Bold.ttf"), "Inter-Bold")?,
        })
    }

    /// One of them.
    pub fn get(&self, bold: bool) -> &Face {
        if bold { &self.bold } else { &self.regular }
    }

    /// The characters of a text that cannot be printed; the error names them.
    pub fn can_print(&self, text: &str) -> Result<(), String> {
        let mut missing: Vec<char> =
            text.chars().filter(|c| !is_unseen(*c) && self.regular.glyph(*c).is_none()).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = missing.iter().take(8).map(char::to_string).collect();
        Err(format!("Leave out what the print font does not have: {}", named.join(" ")))
    }
}

impl Face {
    fn load(data: &'static [u8], name: &'static str) -> Result<Self, String> {
        let table = ttf_parser::Face::parse(data, 0).map_err(|error| format!("the font {name} is broken: {error}"))?;
        Ok(Self { data, name, table })
    }

    /// How a character is drawn; none: the font does not have it, or there is nothing to draw.
    pub fn glyph(&self, c: char) -> Option<GlyphId> {
        if is_unseen(c) { None } else { self.table.glyph_index(c) }
    }

    /// Glyphs of a text.
    pub fn glyphs<'a>(&'a self, text: &'a str) -> impl Iterator<Item = GlyphId> + 'a {
        text.chars().filter_map(|c| self.glyph(c))
    }

    /// How far a glyph moves on, as a share of the font's size.
    pub fn advance(&self, glyph: GlyphId) -> f32 {
        f32::from(self.table.glyph_hor_advance(glyph).unwrap_or(0)) / f32::from(self.table.units_per_em())
    }

    /// Width of a line.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.glyphs(text).map(|glyph| self.advance(glyph)).sum::<f32>() * size
    }
}

/// Line breaks, and marks that only say how others are written.
fn is_unseen(c: char) -> bool {
    matches!(c, '\n' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn the_font_has_the_letters_of_europe_and_says_what_it_lacks() {
        let faces = Faces::load().unwrap();
        for text in [
            "Grüße für Ælfric & Łukasz, 5 € – „ja“",
            "Καφές δωρεάν",
            "Кофе бесплатно",
            "½ × 2 °C №",
            "ABCDEFGHJKMNPQRSTUVWXYZ23456789",
        ] {
            assert_eq!(faces.can_print(text), Ok(()), "{text}");
            assert!(text.chars().all(|c| faces.bold.glyph(c).is_some()), "{text}");
        }
        assert_eq!(faces.can_print("☕ 日本 日"), Err("Leave out what the print font does not have: ☕ 日 本".into()));
    }

    #[test]
    fn widths_add_up() {
        let faces = Faces::load().unwrap();
        let one = faces.regular.width("M", 10.0);
        assert!(one > 7.0 && one < 10.0, "{one}");
        assert!((faces.regular.width("MMM", 10.0) - 3.0 * one).abs() < 0.01);
        assert!(faces.bold.width("code", 10.0) > faces.regular.width("code", 10.0));
    }
}
