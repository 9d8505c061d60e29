//! One code.

use diesel::prelude::*;
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

fn with_history(app: &TestApp) -> CampaignId {
    let ana = make::member(app, "Ana");
    let id = make::campaign(app, "VIP", "code").one_code("VIP2026", Some(1500)).make();
    let conn = &mut app.conn();
    for sql in [
        "UPDATE code SET uses_taken = 2".to_owned(),
        format!(
            "INSERT INTO validation (campaign_id, code, member_id, at, via) VALUES ({id}, 'VIP2026', {ana}, '2026-11-20T10:00Z', 'app')"
        ),
        format!(
            "INSERT INTO validation (campaign_id, code, at, via, reversed_at) VALUES ({id}, 'VIP2026', '2026-11-21T10:00Z', 'till', '2026-11-21T11:00Z')"
        ),
        format!(
            "INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome) VALUES ({ana}, '2026-11-20T10:00Z', 'VIP2026', {id}, 'ok')"
        ),
        format!(
            "INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome) VALUES ({ana}, '2026-11-22T10:00Z', 'VIP2026', {id}, 'already_member')"
        ),
        format!(
            "INSERT INTO code_attempt (member_id, at, text, campaign_id, outcome) VALUES (77777, '2026-11-23T10:00Z', 'VIP2026', {id}, 'code_used_up')"
        ),
    ] {
        diesel::sql_query(sql).execute(conn).unwrap();
    }
    id
}

#[test]
fn every_use_and_attempt_is_told_the_latest_first() {
    let app = TestApp::start();
    let id = with_history(&app);
    let page = app.marketer().get(&format!("/campaigns/{id}/codes")).click("VIP2026");
    assert_eq!(page.text_at("h1"), "VIP2 026");
    assert!(page.shows("2 of 1,500"));
    assert_eq!(
        page.texts_at("tbody td[data-label=What]"),
        [
            "Made",
            "Refused: no uses left",
            "Nothing used up: already in the group",
            "Use reversed",
            "Used at a till",
            "Used in the app"
        ]
    );
    assert_eq!(
        page.texts_at("tbody td[data-label=Who]"),
        ["", "A member who was deleted", "Ana", "A customer at the till", "A customer at the till", "Ana"]
    );
    assert!(page.shows("6 entries"));
}

#[test]
fn any_spelling_leads_to_the_code_and_none_to_another_campaigns() {
    let app = TestApp::start();
    let id = with_history(&app);
    let other = make::campaign(&app, "Other", "code").one_code("OTHER26", None).make();
    let marketer = app.marketer();
    assert_eq!(
        marketer.get(&format!("/campaigns/{id}/codes/vip-2026")).location,
        Some(format!("/campaigns/{id}/codes/VIP2026"))
    );
    assert_eq!(marketer.get(&format!("/campaigns/{other}/codes/VIP2026")).status, 404);
    assert_eq!(marketer.get(&format!("/campaigns/{other}/codes/VIP2026/barcode.svg")).status, 404);
    assert_eq!(marketer.get(&format!("/campaigns/{id}/codes/%3Cscript%3E")).status, 404);
    assert!(marketer.get(&format!("/campaigns/{other}/codes/OTHER26")).shows("unlimited"));
}

#[test]
fn its_barcode_is_a_picture_that_can_do_nothing() {
    let app = TestApp::start();
    let id = with_history(&app);
    let marketer = app.marketer();
    let picture = |kind: &str| {
        diesel::sql_query(format!("UPDATE campaign SET barcode = '{kind}'")).execute(&mut app.conn()).unwrap();
        marketer.get(&format!("/campaigns/{id}/codes/VIP2026/barcode.svg"))
    };
    let svg = picture("code128");
    assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
    assert!(svg.header("content-security-policy").unwrap().starts_with("default-src 'none'"));
    assert!(svg.html.contains("Code 128 barcode of VIP2026"));
    // an EAN cannot hold letters: a QR code instead
    assert!(picture("ean13").html.contains("QR barcode of VIP2026"));
}

#[test]
fn a_long_history_comes_in_pages() {
    let app = TestApp::start();
    let id = make::campaign(&app, "VIP", "code").one_code("VIP2026", None).make();
    // many at the same instant, so that the order within it matters
    diesel::sql_query(format!(
        "INSERT INTO validation (campaign_id, code, at, via) SELECT {id}, 'VIP2026', '2026-11-20T10:00Z', 'till' FROM generate_series(1, 110)"
    ))
    .execute(&mut app.conn())
    .unwrap();
    let first = app.marketer().get(&format!("/campaigns/{id}/codes/VIP2026"));
    let second = first.click("Next");
    let third = second.click("Next");
    assert_eq!([&first, &second, &third].map(|page| page.texts_at("tbody th").len()), [50, 50, 11]);
    assert_eq!(third.click("Previous").texts_at("tbody th").len(), 50);
    assert!(third.shows("111 entries"));
}
