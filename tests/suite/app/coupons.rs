//! What members hold.

use chrono::Duration;
use diesel::prelude::*;
use muster::schema::campaign;

use super::{issue, run};
use crate::support::{TestApp, make};

#[test]
fn only_what_the_member_holds_now() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    let (now, day) = (app.now(), Duration::days(1));
    for (n, name) in ["Coffee", "Tea", "Cancelled", "Withdrawn", "Expired", "Failed"].into_iter().enumerate() {
        let id = make::campaign(&app, name, "app").make();
        issue(&app, ann, id, &format!("CODE{n}"));
    }
    let later = make::campaign(&app, "Later", "app").between(now + day, now + day * 2).make();
    let over = make::campaign(&app, "Over", "app").between(now - day, now).make();
    let bobs = make::campaign(&app, "Bobs", "app").make();
    issue(&app, ann, later, "LATER");
    issue(&app, ann, over, "OVER");
    issue(&app, bob, bobs, "BOBS");
    run(&app, "UPDATE campaign SET cancelled_at = published_at WHERE name = 'Cancelled'");
    let set = |column: &str, name: &str| {
        run(
            &app,
            &format!(
                "UPDATE delivery SET {column} = issued_at WHERE campaign_id = (SELECT id FROM campaign WHERE name = '{name}')"
            ),
        );
    };
    set("withdrawn_at", "Withdrawn");
    set("expires_at", "Expired");
    set("failed_at", "Failed");
    run(&app, "UPDATE campaign SET ends_at = ends_at - interval '10 days' WHERE name = 'Tea'");

    let ann = app.member(ann);
    let page = ann.get("/app/coupons");
    // what ends first comes first
    assert_eq!(page.texts_at(".coupon-title"), ["Tea title", "Coffee title"]);
    assert_eq!(page.texts_at(".coupon-until")[0], "Until 14 Dec 2026, 11:00");
    assert_eq!(ann.get(&format!("/app/coupons/{bobs}")).status, 404);
}

#[test]
fn nothing_to_show_says_so() {
    let app = TestApp::start();
    let page = app.member(make::member(&app, "Ann")).get("/app/coupons");
    assert!(page.shows("You have no coupons now."));
    assert_eq!(page.link("I have a code"), "/app/code");
}

#[test]
fn a_coupon_with_all_that_belongs_to_it() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    for (kind, code) in [
        ("qr", "ABCDEFGH23"),
        ("code128", "CODE128XY"),
        ("ean13", "4006381333931"),
        // what EAN-13 cannot hold
        ("ean13", "LETTERS"),
    ] {
        let id = make::campaign(&app, &format!("{kind} {code}"), "app").make();
        diesel::update(campaign::table.find(id.0))
            .set((
                campaign::barcode.eq(kind),
                campaign::terms.eq("One for each <b>table</b>"),
                campaign::offer.eq("percent_off"),
                campaign::percent.eq(2000),
            ))
            .execute(&mut app.conn())
            .unwrap();
        issue(&app, ann, id, code);
    }
    let ann = app.member(ann);
    let list = ann.get("/app/coupons");
    let page = ann.get(&list.link("qr ABCDEFGH23 title 20 % off Until 24 Dec 2026, 11:00"));
    assert_eq!(page.text_at("h1"), "qr ABCDEFGH23 title");
    assert_eq!(page.text_at(".big-code"), "ABCD EFGH 23");
    assert!(page.shows("One for each <b>table</b>") && page.shows("Come and get it") && page.shows("20 % off"));
    for (campaign, alt) in [(1, "QR code"), (2, "Code 128 barcode"), (3, "EAN-13 barcode"), (4, "QR code")] {
        let page = ann.get(&format!("/app/coupons/{campaign}"));
        assert!(page.html.contains(&format!("alt=\"{alt}\"")) && page.html.contains("data:image/svg+xml;base64,"));
    }
}

#[test]
fn opening_a_coupon_marks_it_once() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Coffee", "app").make();
    issue(&app, ann, id, "CODE1");
    let ann = app.member(ann);
    ann.get("/app/coupons");
    assert_eq!(make::count(&app, "SELECT count(seen_at) FROM delivery"), 0);
    ann.get(&format!("/app/coupons/{id}"));
    let first = make::text(&app, "SELECT seen_at FROM delivery");
    app.clock.advance(Duration::hours(1));
    ann.get(&format!("/app/coupons/{id}"));
    assert_eq!(make::text(&app, "SELECT seen_at FROM delivery"), first);
}

#[test]
fn why_a_coupon_does_not_work() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Coffee", "app").in_app(true).make();
    make::codes(&app, id, &["MINE1"]);
    run(&app, &format!("UPDATE code SET member_id = {ann}"));
    issue(&app, ann, id, "MINE1");
    let visitor = app.member(ann);
    let path = format!("/app/coupons/{id}");
    let state = || {
        let page = visitor.get(&path);
        (page.text_at(".ticket-state"), page.html.contains("big-code"))
    };
    let set = |values: &str| run(&app, &format!("UPDATE campaign SET {values}"));

    set("paused_at = published_at");
    assert_eq!(state(), ("Paused It cannot be used at the moment. Try again later.".into(), false));
    set("paused_at = NULL, weekdays = 1");
    assert_eq!(state(), ("Not now It works Monday. Next from 30 Nov 2026, 00:00.".into(), true));
    set("weekdays = 127");
    run(&app, "UPDATE member SET blocked_at = created_at, blocked_reason = 'x'");
    assert!(state().0.starts_with("Blocked Your account is blocked"));
    run(&app, "UPDATE member SET blocked_at = NULL, blocked_reason = NULL");

    let page = visitor.get("/app/code").form("Use code").fill("Code", "mine1").send().follow(&visitor);
    assert!(page.shows("Code used: Coffee title."));
    assert_eq!(page.text_at(".coupon-past .coupon-title"), "Coffee title");
    assert_eq!(state(), ("Used You used it on 24 Nov 2026, 11:00.".into(), false));
    run(&app, "DELETE FROM validation");
    run(&app, "UPDATE code SET uses_taken = 0");
    run(&app, "UPDATE delivery SET validated_at = NULL, expires_at = issued_at");
    assert_eq!(state(), ("Expired It was valid until 24 Nov 2026, 11:00.".into(), false));
    run(&app, "UPDATE delivery SET withdrawn_at = issued_at");
    assert!(state().0.starts_with("Withdrawn It was withdrawn"));
}
