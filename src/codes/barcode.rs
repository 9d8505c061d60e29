//! Codes as pictures for tills: SVG with attributes only, so that it passes a strict content policy.

use barcoders::sym::{code128::Code128, ean13::EAN13};
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;

/// How a coupon's code is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Barcode {
    #[default]
    Qr,
    Code128,
    Ean13,
}

impl Barcode {
    pub const ALL: [Barcode; 3] = [Barcode::Qr, Barcode::Code128, Barcode::Ean13];

    /// Reads a form's value or a stored one.
    pub fn parse(key: &str) -> Result<Barcode, String> {
        Self::ALL.into_iter().find(|kind| kind.key() == key).ok_or_else(|| "Choose a barcode".to_owned())
    }

    /// How it is stored and sent by forms.
    pub fn key(self) -> &'static str {
        match self {
            Barcode::Qr => "qr",
            Barcode::Code128 => "code128",
            Barcode::Ean13 => "ean13",
        }
    }

    /// How it is called on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Barcode::Qr => "QR",
            Barcode::Code128 => "Code 128",
            Barcode::Ean13 => "EAN-13",
        }
    }

    /// Whether this kind of barcode can stand for the text; the error says what it needs.
    pub fn fits(self, text: &str) -> Result<(), String> {
        let (fits, needs) = match self {
            Barcode::Qr => ((1..=500).contains(&text.len()), "A QR code holds 1 to 500 characters"),
            Barcode::Code128 => (
                (1..=48).contains(&text.len()) && text.bytes().all(|b| (b' '..=b'~').contains(&b)),
                "Code 128 holds 1 to 48 letters A to Z, digits and signs",
            ),
            Barcode::Ean13 => (
                matches!(text.len(), 12 | 13) && EAN13::new(text).is_ok(),
                "EAN-13 holds 12 digits, or 13 with the right check digit",
            ),
        };
        if fits { Ok(()) } else { Err(needs.to_owned()) }
    }
}

/// The picture of a text, with the quiet zone that scanners need.
pub fn drawing(kind: Barcode, text: &str) -> Result<Drawing, String> {
    kind.fits(text)?;
    let drawing = match kind {
        Barcode::Qr => qr(text),
        Barcode::Code128 => Code128::new(code128_data(text)).ok().map(|code| bars(&code.encode(), 10, 10, 40)),
        Barcode::Ean13 => EAN13::new(text).ok().map(|code| bars(&code.encode(), 11, 7, 60)),
    };
    drawing.ok_or_else(|| format!("Use a shorter code for {}", kind.label()))
}

/// The same, black on white for any size.
pub fn svg(kind: Barcode, text: &str) -> Result<String, String> {
    let drawing = drawing(kind, text)?;
    let (width, height, path) = (drawing.width, drawing.height, drawing.path());
    let label = format!("{} barcode of {}", kind.label(), escaped(text));
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{label}" shape-rendering="crispEdges"><rect width="{width}" height="{height}" fill="#fff"/><path d="{path}" fill="#000"/></svg>"##
    ))
}

/// A barcode in modules: dark rectangles on light ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// With the quiet zone.
    pub width: usize,
    /// With the quiet zone.
    pub height: usize,
    /// x, y, width, height.
    pub dark: Vec<[usize; 4]>,
}

impl Drawing {
    /// As the path of an SVG.
    pub fn path(&self) -> String {
        let mut path = String::new();
        for [x, y, width, height] in &self.dark {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{x} {y}h{width}v{height}h-{width}z");
        }
        path
    }
}

fn qr(text: &str) -> Option<Drawing> {
    const QUIET: usize = 4;
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let mut dark = Vec::new();
    for y in 0..code.size {
        let row: Vec<bool> = code[y].iter().take(code.size).map(|module| module.value()).collect();
        add_runs(&row, QUIET, y + QUIET, 1, &mut dark);
    }
    let side = code.size + 2 * QUIET;
    Some(Drawing { width: side, height: side, dark })
}

fn bars(modules: &[u8], left: usize, right: usize, height: usize) -> Drawing {
    let row: Vec<bool> = modules.iter().map(|module| *module == 1).collect();
    let mut dark = Vec::new();
    add_runs(&row, left, 0, height, &mut dark);
    Drawing { width: left + row.len() + right, height, dark }
}

/// One rectangle for each run of dark modules.
fn add_runs(row: &[bool], x: usize, y: usize, height: usize, dark: &mut Vec<[usize; 4]>) {
    let mut place = x;
    for run in row.chunk_by(|a, b| a == b) {
        let width = run.len();
        if run[0] {
            dark.push([place, y, width, height]);
        }
        place += width;
    }
}

/// The library wants the character set first: C packs two digits into a bar group, B holds all else.
fn code128_data(text: &str) -> String {
    let set = if text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_digit()) { 'Ć' } else { 'Ɓ' };
    format!("{set}{text}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_and_labels() {
        for kind in Barcode::ALL {
            assert_eq!(Barcode::parse(kind.key()), Ok(kind));
        }
        assert_eq!(Barcode::ALL.map(Barcode::label), ["QR", "Code 128", "EAN-13"]);
        assert_eq!(Barcode::parse("aztec").unwrap_err(), "Choose a barcode");
    }

    #[test]
    fn ean_13_needs_its_digits() {
        assert!(Barcode::Ean13.fits("4006381333931").is_ok());
        assert!(Barcode::Ean13.fits("400638133393").is_ok());
        for text in ["4006381333932", "VIP2026", "40063813339", "", "４００６３８１３３３９３"] {
            assert!(svg(Barcode::Ean13, text).is_err(), "{text}");
        }
        assert_eq!(
            svg(Barcode::Ean13, "4006381333931"),
            svg(Barcode::Ean13, "400638133393").map(|s| s.replace("400638133393\"", "4006381333931\""))
        );
    }

    #[test]
    fn bars_have_their_quiet_zone() {
        // 95 modules of EAN-13 with 11 and 7 of quiet zone; start guard 101.
        let ean = svg(Barcode::Ean13, "4006381333931").unwrap();
        assert!(ean.contains(r#"viewBox="0 0 113 60""#) && ean.contains("d=\"M11 0h1v60h-1zM13 0h1v60h-1z"));
        // Code 128: start, 3 pairs of digits, check, each 11 modules, stop 13.
        assert!(svg(Barcode::Code128, "123456").unwrap().contains(r#"viewBox="0 0 88 40""#));
        assert!(svg(Barcode::Code128, "VIP").unwrap().contains(r#"viewBox="0 0 88 40""#));
        // A version 1 QR code is 21 modules wide.
        assert!(svg(Barcode::Qr, "VIP2026").unwrap().contains(r#"viewBox="0 0 29 29""#));
        assert!(svg(Barcode::Code128, "ÀBC").is_err() && svg(Barcode::Qr, &"x".repeat(501)).is_err());
    }

    #[test]
    fn it_is_named_for_those_who_do_not_see_it_and_carries_no_markup() {
        let svg = svg(Barcode::Qr, "<b a=\"1\">&").unwrap();
        assert!(svg.contains(r#"role="img" aria-label="QR barcode of &lt;b a=&quot;1&quot;&gt;&amp;""#));
        assert!(!svg.contains("style") && !svg.contains("script"));
    }

    proptest! {
        #[test]
        fn what_fits_is_drawn(text in "[ -~]{0,50}", digits in "[0-9]{11,14}", any in any::<String>()) {
            for kind in Barcode::ALL {
                for text in [&text, &digits, &any] {
                    prop_assert_eq!(kind.fits(text).is_ok(), svg(kind, text).is_ok());
                }
            }
        }
    }
}
