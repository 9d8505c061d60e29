//! What a file is like, by its first rows: between what its cells stand, whether it has a heading, which column the codes
//! are in.

use super::decode::text;
use super::records;
use crate::codes::text::CodeText;

/// What cells may stand between.
pub const DELIMITERS: [(&str, &str); 4] = [(",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar")];
/// Rows that are looked at.
const ROWS: usize = 50;
/// Bytes that are looked at.
pub(super) const BYTES: usize = 64 * 1024;
/// Headings of columns with codes, in the languages of the files that we know.
const NAMES: [&str; 10] =
    ["code", "coupon", "voucher", "gutschein", "promo", "codigo", "código", "codice", "bon", "pin"];

/// A guess; the person sees it beside the first rows and may change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// One of `DELIMITERS`.
    pub delimiter: String,
    /// Whether the first row names the columns.
    pub has_head: bool,
    /// The column of the codes, from 0.
    pub column: usize,
}

impl Shape {
    /// Of a file that begins like this.
    pub fn of(beginning: &[u8], is_whole: bool) -> Self {
        let delimiter = delimiter(beginning, is_whole);
        let rows = rows(beginning, &delimiter, is_whole, ROWS);
        let column = column(&rows);
        Self { has_head: has_head(&rows, column), column, delimiter }
    }
}

/// The first rows, as text.
pub fn rows(beginning: &[u8], delimiter: &str, is_whole: bool, most: usize) -> Vec<Vec<String>> {
    let delimiter = delimiter.bytes().next().unwrap_or(b',');
    let records = records::read(beginning, delimiter, is_whole, most);
    records.rows.iter().map(|row| row.iter().map(text).collect()).collect()
}

/// The one that cuts most rows into the same number of cells, and into more than one.
fn delimiter(beginning: &[u8], is_whole: bool) -> String {
    let score = |delimiter: &str| {
        let rows = rows(beginning, delimiter, is_whole, ROWS);
        let width = rows.first().map_or(0, Vec::len);
        if width < 2 { 0 } else { rows.iter().filter(|row| row.len() == width).count() }
    };
    let best = DELIMITERS
        .iter()
        .map(|(key, _)| (score(key), *key))
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map_or(",", |(_, key)| key).to_owned()
}

/// By its name; else the first one whose cells are nearly all different codes.
fn column(rows: &[Vec<String>]) -> usize {
    let named = |name: &String| NAMES.iter().any(|known| name.to_lowercase().contains(known));
    if let Some(place) = rows.first().and_then(|head| head.iter().position(named)) {
        return place;
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let score = |place: usize| {
        let cells = rows.iter().filter_map(|row| row.get(place));
        let codes = cells.filter_map(|cell| CodeText::parse(cell).ok()).filter(|code| code.as_str().len() >= 4);
        codes.collect::<std::collections::BTreeSet<_>>().len()
    };
    (0..width).rev().max_by_key(|place| score(*place)).unwrap_or(0)
}

/// Whether the first cell is a name, or unlike those under it.
fn has_head(rows: &[Vec<String>], column: usize) -> bool {
    let Some(first) = rows.first().and_then(|row| row.get(column)) else { return false };
    let is_named = NAMES.iter().any(|name| first.to_lowercase().contains(name));
    let has_digit = |cell: &String| cell.chars().any(|c| c.is_ascii_digit());
    let others = rows.iter().skip(1).filter_map(|row| row.get(column));
    (is_named && !has_digit(first))
        || (!has_digit(first) && rows.len() > 1 && others.clone().count() > 0 && others.clone().all(has_digit))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn of(file: &str) -> (String, bool, usize) {
        let shape = Shape::of(file.as_bytes(), true);
        (shape.delimiter, shape.has_head, shape.column)
    }

    #[test]
    fn files_are_recognised() {
        assert_eq!(of("AB12\nCD34\nEF56\n"), (",".into(), false, 0));
        assert_eq!(of("Code\nAB12\n"), (",".into(), true, 0));
        assert_eq!(of("Shop;Gutscheincode\r\nBerlin;AB12CD\r\nKöln;EF34GH\r\n"), (";".into(), true, 1));
        assert_eq!(of("1\tAB12CD\t5.00\n2\tEF34GH\t5.00\n"), ("\t".into(), false, 1));
        assert_eq!(of("name,serial\nA,AB12CD\nA,EF34GH\n"), (",".into(), true, 1));
        assert_eq!(of(""), (",".into(), false, 0));
        assert_eq!(of("ABCD\nEFGH\n"), (",".into(), false, 0));
    }
}
