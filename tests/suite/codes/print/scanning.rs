//! What scanners read from the paper.

use std::collections::BTreeSet;

use muster::codes::batch::NewBatch;
use muster::codes::prepare::format_of;
use muster::ids::CampaignId;

use super::paper::{Paper, SHEETS, boxes};
use crate::support::{TestApp, make};

/// A campaign of so many codes in one batch.
pub fn campaign(app: &TestApp, count: i32) -> CampaignId {
    let id = make::campaign(app, "Latte", "code").many_codes().make();
    NewBatch { campaign: id, format: format_of("", 10), count }.begin(&mut app.conn(), app.now()).unwrap();
    id
}

/// All codes, in order.
pub fn codes(app: &TestApp) -> Vec<String> {
    make::text(app, "SELECT string_agg(text, ',' ORDER BY text) FROM code").split(',').map(str::to_owned).collect()
}

#[test]
fn a_scanner_reads_every_code_of_every_sheet_once() {
    let app = TestApp::start();
    let (id, marketer) = (campaign(&app, 70), app.marketer());
    make::run(&app, "UPDATE setting SET public_url = 'http://127.0.0.1:8080'");
    for (place, (sheet, measures)) in SHEETS.iter().enumerate() {
        // a sheet of many labels is scanned label by label: zbar misses some where there are dozens
        for barcode in if *sheet == "l7651" { &["qr"][..] } else { &["qr", "code128"] } {
            let holds = if place % 2 == 0 { "code" } else { "link" };
            let paper = Paper::make(&marketer, id, &[("sheet", sheet), ("barcode", barcode), ("holds", holds)]);
            let scanned = (0..paper.pages()).flat_map(|page| paper.scan_boxes(page, &boxes(measures)));
            let read: Vec<String> = scanned.flatten().collect();
            let link = if *barcode == "qr" && holds == "link" { "http://127.0.0.1:8080/app/code?code=" } else { "" };
            let expected: Vec<String> = codes(&app).iter().map(|code| format!("{link}{code}")).collect();
            assert_eq!(read, expected, "{sheet} {barcode}");
        }
    }
}

#[test]
fn ean_13_is_read_where_codes_are_its_digits_and_refused_elsewhere() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    make::codes(&app, id, &["4006381333931", "5901234123457", "9780201379624"]);
    let marketer = app.marketer();
    for sheet in ["cards-a4", "l7160", "5163"] {
        let paper = Paper::make(&marketer, id, &[("sheet", sheet), ("barcode", "ean13"), ("batch", "0")]);
        let read: BTreeSet<(String, String)> = paper.scan(0).into_iter().collect();
        let expected = codes(&app).into_iter().map(|code| ("EAN-13".to_owned(), code)).collect();
        assert_eq!(read, expected, "{sheet}");
    }
    make::codes(&app, id, &["ROAST7XW"]);
    let page = marketer.get(&format!("/campaigns/{id}/codes/print"));
    let page = page.form("Make PDF").tick("EAN-13").send();
    assert_eq!(page.status, 422);
    let why = page.text_at("#error-barcode");
    assert_eq!(
        why,
        "Error: EAN-13 takes codes of 12 or 13 digits only, and one of these is ROAST7XW. Choose QR or Code 128"
    );
}

#[test]
fn what_would_be_too_fine_for_scanners_is_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    make::codes(&app, id, &["ABCDEFGH23456789"]);
    let page = marketer.get(&format!("/campaigns/{id}/codes/print"));
    let sheet = "Labels 38.1 × 21.2 mm, 65 on A4 (Avery L7651)";
    let page = page.form("Make PDF").choose("Sheet", sheet).tick("Code 128").send();
    assert_eq!(page.status, 422);
    assert!(
        page.text_at("#error-barcode").starts_with("Error: Code 128 would be too fine to be scanned"),
        "{}",
        page.text()
    );
}

#[test]
fn a_link_opens_the_app_with_the_code_filled_in() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Club", "code").one_code("BARISTA7", None).make();
    make::run(&app, "UPDATE setting SET public_url = 'https://club.example.com'");
    let paper = Paper::make(&app.marketer(), id, &[("holds", "link")]);
    assert_eq!((paper.pages(), paper.info("Page size").contains("A4")), (1, true));
    let read = paper.scan(0);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].1, "https://club.example.com/app/code?code=BARISTA7");
    assert!(paper.text().contains("BARI STA7"));
    let ann = app.member(make::member(&app, "Ann"));
    assert_eq!(ann.get("/app/code?code=BARISTA7").value("Code"), "BARISTA7");
    // on the way through the sign-in it is kept
    let stranger = app.visitor().get("/app/code?code=BARISTA7");
    assert_eq!(stranger.location.unwrap(), "/app/sign-in?next=%2Fapp%2Fcode%3Fcode%3DBARISTA7");
}

#[test]
fn a_poster_carries_one_big_code() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Club", "code").one_code("BARISTA7", None).make();
    for (sheet, barcode) in [("poster-a4", "qr"), ("poster-a3", "qr"), ("poster-letter", "code128")] {
        let paper = Paper::make(
            &app.marketer(),
            id,
            &[("sheet", sheet), ("barcode", barcode), ("holds", "code"), ("copies", "2")],
        );
        assert_eq!(paper.pages(), 2, "{sheet}");
        for page in 0..2 {
            let read = paper.scan(page);
            assert_eq!(read.iter().map(|read| read.1.as_str()).collect::<Vec<_>>(), ["BARISTA7"], "{sheet}");
        }
    }
}
