//! Where things are on the paper.

use muster::codes::batch::NewBatch;
use muster::codes::prepare::format_of;

use super::paper::{Paper, SHEETS, boxes};
use super::scanning::{campaign, codes};
use crate::support::{TestApp, make};

const MM: f64 = 72.0 / 25.4;

#[test]
fn every_code_is_on_the_label_that_its_number_says_and_nothing_is_between_them() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 30), app.marketer());
    for (sheet, measures) in SHEETS {
        let ((width, height), first, pitch, card, (columns, rows)) = measures;
        let fields = [("sheet", sheet), ("barcode", "qr"), ("holds", "code"), ("cut_marks", "")];
        let paper = Paper::make(&marketer, id, &fields);
        let each = (columns * rows) as usize;
        assert_eq!(paper.pages(), 30_usize.div_ceil(each), "{sheet}");
        let cell = |(x, y): (f64, f64)| {
            let at = |at: f64, first: f64, pitch: f64, size: f64| {
                let place = ((at - first) / pitch).floor();
                (at - first - place * pitch <= size && at >= first).then_some(place as u32)
            };
            Some((at(x, first.0, pitch.0, card.0)?, at(y, first.1, pitch.1, card.1)?))
        };
        let (dots, mm) = paper.dots(0);
        assert!((mm(dots.width()) - width).abs() < 0.3 && (mm(dots.height()) - height).abs() < 0.3, "{sheet}");
        for (x, y, dot) in dots.enumerate_pixels() {
            assert!(dot.0[0] > 128 || cell((mm(x), mm(y))).is_some(), "{sheet}: ink at {} {}", mm(x), mm(y));
        }
        let found: Vec<Vec<String>> =
            (0..paper.pages()).flat_map(|page| paper.scan_boxes(page, &boxes(&measures))).collect();
        let mut expected: Vec<Vec<String>> = codes(&app).into_iter().map(|code| vec![code]).collect();
        expected.resize(found.len(), Vec::new());
        assert_eq!(found, expected, "{sheet}");
    }
}

#[test]
fn cut_marks_stand_at_the_corners_of_the_cards_and_outside_them() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 10), app.marketer());
    let dark = |fields: &[(&str, &str)]| {
        let paper = Paper::make(&marketer, id, fields);
        let (dots, mm) = paper.dots(0);
        let outside = |x: f64, y: f64| !(19.8..190.2).contains(&x) || !(10.8..286.2).contains(&y);
        let dark = dots.enumerate_pixels().filter(|(x, y, dot)| dot.0[0] < 200 && outside(mm(*x), mm(*y)));
        dark.map(|(x, y, _)| (mm(x), mm(y))).collect::<Vec<_>>()
    };
    assert!(dark(&[("sheet", "cards-a4"), ("cut_marks", "")]).is_empty());
    let marks = dark(&[("sheet", "cards-a4"), ("cut_marks", "on")]);
    let near = |value: f64, edges: &[f64]| edges.iter().any(|edge| (value - edge).abs() < 0.3);
    let (columns, rows) = ([20.0, 105.0, 190.0], [11.0, 66.0, 121.0, 176.0, 231.0, 286.0]);
    assert!(marks.iter().all(|(x, y)| near(*x, &columns) || near(*y, &rows)), "{marks:?}");
    for x in columns {
        assert!(marks.iter().any(|at| near(at.0, &[x]) && at.1 < 10.0), "above {x}");
        assert!(marks.iter().any(|at| near(at.0, &[x]) && at.1 > 287.0), "below {x}");
    }
    for y in rows {
        assert!(marks.iter().any(|at| near(at.1, &[y]) && at.0 < 19.0), "before {y}");
        assert!(marks.iter().any(|at| near(at.1, &[y]) && at.0 > 191.0), "after {y}");
    }
}

#[test]
fn numbers_run_on_over_sheets_and_each_code_is_there_once() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    NewBatch { campaign: id, format: format_of("", 8), count: 3_000 }.begin(&mut app.conn(), app.now()).unwrap();
    let paper = Paper::make(&app.marketer(), id, &[("sheet", "l7160"), ("text", "")]);
    assert_eq!(paper.pages(), 143);
    let words = paper.words();
    let mut numbers: Vec<usize> = Vec::new();
    for pair in words.windows(2).filter(|pair| pair[0].2 == "No.") {
        let (page, [x, y, ..], number) = &pair[1];
        let (column, row) = ((x / MM - 7.2) / 66.04, (y / MM - 15.15) / 38.1);
        let place = page * 21 + row.floor() as usize * 3 + column.floor() as usize + 1;
        assert_eq!(*number, format!("{place:04}"), "page {page} at {x} {y}");
        numbers.push(place);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=3_000).collect::<Vec<_>>());
    // each code stands there once, in groups of four, in the order of the numbers
    let all = codes(&app);
    let text = words.iter().map(|(.., word)| word.as_str()).collect::<Vec<_>>().join(" ");
    for code in &all {
        let shown = format!("{} {}", &code[..4], &code[4..]);
        assert_eq!(text.matches(&shown).count(), 1, "{shown}");
    }
    let begins = all[21][..4].to_owned();
    let second: Vec<_> =
        words.iter().filter(|(page, at, _)| *page == 1 && at[0] < 66.0 * MM && at[1] < 53.0 * MM).collect();
    assert!(second.iter().any(|(.., word)| *word == begins), "number 22 begins the second sheet: {second:?}");
}

#[test]
fn a_range_begins_where_labels_are_free_and_keeps_its_numbers() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 100), app.marketer());
    make::run(
        &app,
        "UPDATE code SET uses_taken = 1 WHERE text = (SELECT text FROM code ORDER BY text OFFSET 41 LIMIT 1)",
    );
    let fields =
        [("from", "41"), ("to", "45"), ("sheet", "l7160"), ("start_at", "21"), ("holds", "code"), ("barcode", "qr")];
    let paper = Paper::make(&marketer, id, &fields);
    assert_eq!(paper.pages(), 2);
    let read: Vec<String> = (0..2).flat_map(|page| paper.scan(page)).map(|read| read.1).collect();
    let mut sorted = read.clone();
    sorted.sort();
    // 42 is used
    let all = codes(&app);
    assert_eq!(sorted, [&all[40], &all[42], &all[43], &all[44]].map(String::clone));
    assert_eq!(paper.scan(0).len(), 1, "one is left on the first sheet");
    for (number, printed) in [("041", true), ("042", false), ("043", true), ("045", true), ("046", false)] {
        assert_eq!(paper.words().iter().any(|(.., word)| word == number), printed, "{number}");
    }
}
