//! The list of a campaign's codes and its CSV.

use diesel::prelude::*;
use muster::codes::batch::NewBatch;
use muster::codes::prepare::format_of;
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

/// Three codes: unused, handed out to Ana, used.
fn three(app: &TestApp) -> CampaignId {
    let ana = make::member(app, "=Ana, \"A\"");
    let id = make::campaign(app, "Latte", "app").many_codes().make();
    make::codes(app, id, &["AAAA2222", "BBBB2222", "CCCC2222"]);
    let conn = &mut app.conn();
    diesel::sql_query(format!("UPDATE code SET member_id = {ana} WHERE text = 'BBBB2222'")).execute(conn).unwrap();
    diesel::sql_query("UPDATE code SET uses_taken = 1 WHERE text = 'CCCC2222'").execute(conn).unwrap();
    diesel::sql_query(format!(
        "INSERT INTO validation (campaign_id, code, at, via) VALUES ({id}, 'CCCC2222', now(), 'till')"
    ))
    .execute(conn)
    .unwrap();
    id
}

#[test]
fn codes_are_listed_with_what_became_of_them() {
    let app = TestApp::start();
    let id = three(&app);
    let page = app.marketer().get(&format!("/campaigns/{id}/codes"));
    assert_eq!(page.status, 200);
    assert_eq!(page.texts_at("tbody th"), ["AAAA2222", "BBBB2222", "CCCC2222"]);
    assert_eq!(page.texts_at("tbody td[data-label=State]"), ["Unused", "Handed out", "Used"]);
    assert_eq!(page.texts_at("tbody td[data-label=Uses]"), ["0 of 1", "0 of 1", "1 of 1"]);
    assert_eq!(page.texts_at("tbody td[data-label=Member]"), ["Nobody’s", "=Ana, \"A\"", "Nobody’s"]);
    assert_eq!(page.texts_at(".figure-number"), ["3", "1", "1", "1"]);
    assert!(page.shows("3 codes"));
}

#[test]
fn they_are_found_in_any_spelling_and_by_state() {
    let app = TestApp::start();
    let id = three(&app);
    let marketer = app.marketer();
    let list = format!("/campaigns/{id}/codes");
    for (q, state, found) in [
        ("bb-bb 2", "", vec!["BBBB2222"]),
        ("", "used", vec!["CCCC2222"]),
        ("", "unused", vec!["AAAA2222"]),
        ("", "handed-out", vec!["BBBB2222"]),
        ("aaaa", "used", vec![]),
        ("%", "", vec![]),
        ("' OR 1=1 --", "", vec![]),
        ("", "nonsense", vec!["AAAA2222", "BBBB2222", "CCCC2222"]),
    ] {
        let query = serde_html_form::to_string([("q", q), ("state", state)]).unwrap();
        let page = marketer.get(&format!("{list}?{query}"));
        assert_eq!(
            (page.status, page.texts_at("tbody th")),
            (200, found.iter().map(|text| text.to_string()).collect()),
            "{q}"
        );
        assert_eq!(page.value("Code begins with"), q);
        if found.is_empty() {
            assert!(page.shows("Nothing found for"), "{}", page.text());
        }
    }
}

#[test]
fn pages_go_forth_and_back() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    NewBatch { campaign: id, format: format_of("", 10), count: 120 }.begin(&mut app.conn(), app.now()).unwrap();
    let marketer = app.marketer();
    let first = marketer.get(&format!("/campaigns/{id}/codes"));
    let second = first.click("Next");
    let third = second.click("Next");
    assert_eq!([&first, &second, &third].map(|page| page.texts_at("tbody th").len()), [50, 50, 20]);
    assert!(!third.has_link("Next") && third.shows("120 codes"));
    assert_eq!(third.click("Previous").texts_at("tbody th"), second.texts_at("tbody th"));
}

#[test]
fn progress_is_shown_while_codes_are_made() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    let order = NewBatch { campaign: id, format: format_of("", 10), count: 60_000 };
    order.begin(&mut app.conn(), app.now()).unwrap();
    let marketer = app.marketer();
    assert!(marketer.get(&format!("/campaigns/{id}/codes")).shows("0 of 60,000 codes made"));
    app.work();
    let part = marketer.get(&format!("/campaigns/{id}/codes/progress"));
    assert!(part.shows("All codes are made"), "{}", part.text());
    let page = marketer.get(&format!("/campaigns/{id}/codes"));
    assert!(page.shows("60,000 codes") && !page.shows("codes made"), "{}", page.text());
}

#[test]
fn the_csv_has_all_rows_and_no_formula() {
    let app = TestApp::start();
    let id = three(&app);
    let marketer = app.marketer();
    let file = marketer.get(&format!("/campaigns/{id}/codes")).click("Export CSV");
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(file.header("content-disposition").unwrap().contains("attachment"));
    let lines: Vec<&str> = file.html.lines().collect();
    assert_eq!(lines[0], "Code,State,Uses allowed,Uses taken,Member number,Member,Batch");
    assert_eq!(lines[1], "AAAA2222,Unused,1,0,,,");
    assert!(lines[2].ends_with(",\"'=Ana, \"\"A\"\"\","), "{}", lines[2]);
    assert_eq!(lines.len(), 4);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'codes exported'"), 1);

    NewBatch { campaign: id, format: format_of("", 10), count: 30_000 }.begin(&mut app.conn(), app.now()).unwrap();
    app.work();
    let file = marketer.get(&format!("/campaigns/{id}/codes/export.csv"));
    assert_eq!(file.html.lines().count(), 30_004);
    let file = marketer.get(&format!("/campaigns/{id}/codes/export.csv?state=used"));
    assert_eq!(file.html.lines().count(), 2);
    let file = marketer.get(&format!("/campaigns/{id}/codes/export.csv?q=%25"));
    assert_eq!(file.html.lines().count(), 1);
}

#[test]
fn who_may_see_codes() {
    let app = TestApp::start();
    let id = three(&app);
    let paths = ["", "/AAAA2222", "/AAAA2222/barcode.svg", "/export.csv", "/new", "/progress", "/batches"];
    for path in paths {
        let path = format!("/campaigns/{id}/codes{path}");
        assert_eq!(app.visitor().get(&path).status, 303, "{path}");
        // support finds a code by its text and may see what happened to it
        let support = if path.contains("/AAAA") { 200 } else { 403 };
        assert_eq!(app.support().get(&path).status, support, "{path}");
        assert_eq!(app.marketer().get(&path).status, 200, "{path}");
        assert_eq!(app.marketer().get(&path.replace(&format!("/{id}/"), "/999999/")).status, 404, "{path}");
    }
    assert_eq!(app.marketer().get("/campaigns/x/codes").status, 404);
}
