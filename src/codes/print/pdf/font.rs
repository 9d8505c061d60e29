//! A font within the file: only the letters in use, and what they mean, so that codes can be searched and copied.

use std::collections::BTreeMap;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Finish, Name, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::file::File;
use crate::codes::print::face::Face;

const IDENTITY: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The letters in use.
pub struct Font {
    letters: BTreeMap<char, u16>,
    glyphs: GlyphRemapper,
}

impl Font {
    /// Of these characters.
    pub fn of(face: &Face, characters: &str) -> Self {
        let mut glyphs = GlyphRemapper::new();
        let letters = characters.chars().filter_map(|c| Some((c, glyphs.remap(face.glyph(c)?.0)))).collect();
        Self { letters, glyphs }
    }

    /// A text as the file's content has it.
    pub fn spell(&self, text: &str) -> Vec<u8> {
        text.chars().filter_map(|c| self.letters.get(&c)).flat_map(|glyph| glyph.to_be_bytes()).collect()
    }

    /// Writes it.
    pub fn embed(&self, file: &mut File, face: &Face) -> Result<Ref, String> {
        let data = subsetter::subset(face.data, 0, &self.glyphs).map_err(|error| format!("{}: {error}", face.name))?;
        let name = format!("MUSTER+{}", face.name);
        let name = Name(name.as_bytes());
        let [font, letters, about, meaning, bytes] = [(); 5].map(|()| file.reserve());
        file.object(font, |chunk| {
            let mut font = chunk.type0_font(font);
            font.base_font(name).encoding_predefined(Name(b"Identity-H")).descendant_font(letters).to_unicode(meaning);
        });
        file.object(letters, |chunk| {
            let mut font = chunk.cid_font(letters);
            font.subtype(CidFontType::Type2).base_font(name).system_info(IDENTITY).font_descriptor(about);
            font.cid_to_gid_map_predefined(Name(b"Identity")).default_width(0.0);
            let widths = self.glyphs.remapped_gids().map(|glyph| 1000.0 * face.advance(ttf_parser::GlyphId(glyph)));
            font.widths().consecutive(0, widths).finish();
        });
        file.object(about, |chunk| describe(chunk.font_descriptor(about), face, name, bytes));
        let mut map = UnicodeCmap::new(Name(b"Letters"), IDENTITY);
        let told: BTreeMap<u16, char> = self.letters.iter().map(|(c, glyph)| (*glyph, *c)).collect();
        told.into_iter().for_each(|(glyph, c)| map.pair(glyph, c));
        file.stream(meaning, map.finish().as_slice());
        file.stream(bytes, &data);
        Ok(font)
    }
}

fn describe(mut about: pdf_writer::writers::FontDescriptor, face: &Face, name: Name, bytes: Ref) {
    let unit = 1000.0 / f32::from(face.table.units_per_em());
    let scaled = |value: i16| f32::from(value) * unit;
    let bounds = face.table.global_bounding_box();
    let (low, high) = ((scaled(bounds.x_min), scaled(bounds.y_min)), (scaled(bounds.x_max), scaled(bounds.y_max)));
    about.name(name).flags(FontFlags::NON_SYMBOLIC).bbox(Rect::new(low.0, low.1, high.0, high.1)).italic_angle(0.0);
    about.ascent(scaled(face.table.ascender())).descent(scaled(face.table.descender()));
    about.cap_height(scaled(face.table.capital_height().unwrap_or(1000)));
    about.stem_v(if face.table.is_bold() { 140.0 } else { 80.0 }).font_file2(bytes);
}
