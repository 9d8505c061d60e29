//! Sheets to print on, by their measures in millimetres.

/// A sheet of equal cards or labels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    /// How forms send it.
    pub key: &'static str,
    /// As offered.
    pub label: &'static str,
    /// "A4"
    pub paper: &'static str,
    /// Width and height of the paper.
    page: (f32, f32),
    /// Cards side by side, and one below the other.
    grid: (usize, usize),
    /// Width and height of a card.
    card: (f32, f32),
    /// Where the first card begins.
    first: (f32, f32),
    /// From one card to the next.
    pitch: (f32, f32),
    /// What is cut after printing; labels are cut already.
    pub is_cut: bool,
}

const MM: f32 = 72.0 / 25.4;
const A4: (f32, f32) = (210.0, 297.0);
const LETTER: (f32, f32) = (215.9, 279.4);

const fn inches(width: f32, height: f32) -> (f32, f32) {
    (width * 25.4, height * 25.4)
}

const fn labels(
    (key, label, paper): (&'static str, &'static str, &'static str),
    page: (f32, f32),
    grid: (usize, usize),
    card: (f32, f32),
    first: (f32, f32),
    pitch: (f32, f32),
) -> Sheet {
    Sheet { key, label, paper, page, grid, card, first, pitch, is_cut: false }
}

const fn cards(name: (&'static str, &'static str, &'static str), page: (f32, f32), card: (f32, f32)) -> Sheet {
    let first = ((page.0 - 2.0 * card.0) / 2.0, (page.1 - 5.0 * card.1) / 2.0);
    Sheet { is_cut: true, ..labels(name, page, (2, 5), card, first, card) }
}

const fn poster(name: (&'static str, &'static str, &'static str), page: (f32, f32)) -> Sheet {
    labels(name, page, (1, 1), page, (0.0, 0.0), page)
}

impl Sheet {
    /// All, in the order in which they are offered.
    #[rustfmt::skip]
    pub const ALL: [Self; 12] = [
        cards(("cards-a4", "Cards 85 × 55 mm, 10 on A4", "A4"), A4, (85.0, 55.0)),
        cards(("cards-letter", "Cards 3.5 × 2 in, 10 on Letter", "Letter"), LETTER, inches(3.5, 2.0)),
        labels(("l7160", "Labels 63.5 × 38.1 mm, 21 on A4 (Avery L7160)", "A4"), A4, (3, 7), (63.5, 38.1), (7.21, 15.15), (66.04, 38.1)),
        labels(("l7163", "Labels 99.1 × 38.1 mm, 14 on A4 (Avery L7163)", "A4"), A4, (2, 7), (99.1, 38.1), (4.65, 15.15), (101.6, 38.1)),
        labels(("l7165", "Labels 99.1 × 67.7 mm, 8 on A4 (Avery L7165)", "A4"), A4, (2, 4), (99.1, 67.7), (4.65, 13.1), (101.6, 67.7)),
        labels(("l7651", "Labels 38.1 × 21.2 mm, 65 on A4 (Avery L7651)", "A4"), A4, (5, 13), (38.1, 21.2), (4.75, 10.7), (40.6, 21.2)),
        labels(("5160", "Labels 2.63 × 1 in, 30 on Letter (Avery 5160)", "Letter"), LETTER, (3, 10), inches(2.625, 1.0), inches(0.1875, 0.5), inches(2.75, 1.0)),
        labels(("5163", "Labels 4 × 2 in, 10 on Letter (Avery 5163)", "Letter"), LETTER, (2, 5), inches(4.0, 2.0), inches(0.15625, 0.5), inches(4.1875, 2.0)),
        labels(("22806", "Labels 2 × 2 in, 12 on Letter (Avery 22806)", "Letter"), LETTER, (3, 4), inches(2.0, 2.0), inches(0.625, 0.625), inches(2.625, 2.583_333)),
        poster(("poster-a4", "Poster, one on A4", "A4"), A4),
        poster(("poster-a3", "Poster, one on A3", "A3"), (297.0, 420.0)),
        poster(("poster-letter", "Poster, one on Letter", "Letter"), LETTER),
    ];

    /// The sheet with this key.
    pub fn parse(key: &str) -> Result<&'static Self, String> {
        Self::ALL.iter().find(|sheet| sheet.key == key).ok_or_else(|| "Choose a sheet".to_owned())
    }

    /// Cards on a sheet.
    pub fn cards(&self) -> usize {
        self.grid.0 * self.grid.1
    }

    /// Whether a card is a whole page.
    pub fn is_poster(&self) -> bool {
        self.cards() == 1
    }

    /// Width and height of the paper, in points.
    pub fn page(&self) -> (f32, f32) {
        (self.page.0 * MM, self.page.1 * MM)
    }

    /// Width and height of a card, in points.
    pub fn card(&self) -> (f32, f32) {
        (self.card.0 * MM, self.card.1 * MM)
    }

    /// The upper left corner of a place, counted along the rows, in points from that of the paper.
    pub fn corner(&self, place: usize) -> (f32, f32) {
        let (column, row) = ((place % self.grid.0) as f32, (place / self.grid.0) as f32);
        ((self.first.0 + column * self.pitch.0) * MM, (self.first.1 + row * self.pitch.1) * MM)
    }

    /// Where to cut: short lines around the cards, from and to, in points.
    pub fn cut_marks(&self) -> Vec<[(f32, f32); 2]> {
        /// From the cards, and how long.
        const AWAY: f32 = 1.5 * MM;
        const LONG: f32 = 4.0 * MM;
        let edges = |count: usize, first: f32, pitch: f32, size: f32| {
            let mut all: Vec<f32> = (0..count)
                .flat_map(|place| [first + place as f32 * pitch, first + place as f32 * pitch + size])
                .map(|edge| edge * MM)
                .collect();
            all.dedup_by(|a, b| (*a - *b).abs() < 0.01);
            all
        };
        let columns = edges(self.grid.0, self.first.0, self.pitch.0, self.card.0);
        let rows = edges(self.grid.1, self.first.1, self.pitch.1, self.card.1);
        let (Some(left), Some(right)) = (columns.first(), columns.last()) else { return Vec::new() };
        let (Some(top), Some(bottom)) = (rows.first(), rows.last()) else { return Vec::new() };
        let above = columns.iter().map(|x| [(*x, top - AWAY - LONG), (*x, top - AWAY)]);
        let below = columns.iter().map(|x| [(*x, bottom + AWAY), (*x, bottom + AWAY + LONG)]);
        let before = rows.iter().map(|y| [(left - AWAY - LONG, *y), (left - AWAY, *y)]);
        let after = rows.iter().map(|y| [(right + AWAY, *y), (right + AWAY + LONG, *y)]);
        above.chain(below).chain(before).chain(after).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn every_sheet_has_its_cards_within_the_paper_and_apart() {
        for sheet in Sheet::ALL {
            assert_eq!(Sheet::parse(sheet.key).unwrap(), &sheet);
            let ((width, height), (wide, high)) = (sheet.page(), sheet.card());
            let (x, y) = sheet.corner(sheet.cards() - 1);
            let (left, top) = sheet.corner(0);
            // as far from the right edge as from the left, and from the lower one as from the upper
            assert!((width - (x + wide) - left).abs() < 0.6, "{}: {left} {}", sheet.key, width - (x + wide));
            assert!((height - (y + high) - top).abs() < 0.6, "{}: {top} {}", sheet.key, height - (y + high));
            assert!(sheet.pitch.0 >= sheet.card.0 && sheet.pitch.1 >= sheet.card.1, "{}", sheet.key);
            assert!(sheet.is_poster() || (left > 0.0 && top > 0.0));
        }
    }

    #[test]
    fn cut_marks_stand_beside_the_cards_and_on_the_paper() {
        let sheet = Sheet::parse("cards-a4").unwrap();
        let marks = sheet.cut_marks();
        // three lines between and around two columns, six for five rows, at both ends
        assert_eq!(marks.len(), 2 * 3 + 2 * 6);
        let ((width, height), (left, top)) = (sheet.page(), sheet.corner(0));
        for [from, to] in marks {
            for (x, y) in [from, to] {
                assert!(x > 0.0 && y > 0.0 && x < width && y < height);
                assert!(x < left || x > width - left || y < top || y > height - top || (x - left).abs() < 0.1);
            }
        }
    }
}
