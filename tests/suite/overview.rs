//! The first page.

use chrono::Duration;
use diesel::RunQueryDsl;

use crate::support::{TestApp, make};

#[test]
fn figures_are_exact_for_every_role() {
    let app = TestApp::start();
    make::members(&app, 1234);
    let group = make::group(&app, "Regulars").make();
    make::group(&app, "Later").between(app.now() + Duration::days(2), None).make();
    let campaign = make::campaign(&app, "Winter", "app").include(group).make();
    make::campaign(&app, "Draft", "app").draft().make();
    let sql = format!(
        "INSERT INTO validation (campaign_id, code, at, via, reversed_at) VALUES
         ({campaign}, 'A', '2026-11-23Z', 'app', NULL), ({campaign}, 'B', '2026-11-23Z', 'till', now()),
         ({campaign}, 'C', '2026-11-01Z', 'app', NULL)"
    );
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
    for visitor in [app.admin(), app.marketer(), app.support()] {
        let page = visitor.get("/");
        assert_eq!(page.texts_at(".figure-number"), ["1,234", "1", "1", "1"]);
        assert!(page.shows("Nothing. Members can join every private group"));
        assert_eq!(page.form("Find").fill("Find a member", "ana").send().status / 100, 2);
    }
}

#[test]
fn what_needs_a_look_is_listed_with_the_way_to_mend_it() {
    let app = TestApp::start();
    let (marketer, support) = (app.marketer(), app.support());
    let end = app.now() + Duration::days(3);
    let campaign = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None);
    let campaign = campaign.between(app.now() - Duration::days(1), end).make();
    make::group(&app, "Baristas").by_code(campaign).make();
    let page = marketer.get("/");
    assert!(page.has_link("Baristas") && page.has_link("Extend the campaign") && page.has_link("Barista code"));
    assert!(page.shows("ends on 27 Nov 2026, 11:00"), "{}", page.text());
    let page = support.get("/");
    assert!(page.shows("Baristas") && !page.has_link("Extend the campaign") && !page.has_link("Add group"));
}

#[test]
fn a_channel_that_takes_nothing_is_told() {
    let app = TestApp::start();
    let admin = app.admin();
    let refused =
        "UPDATE channel SET is_on = true, refused_since = '2026-11-24T08:00Z', refusal = '535 no' WHERE key = 'email'";
    diesel::sql_query(refused).execute(&mut app.conn()).unwrap();
    let page = admin.get("/");
    assert!(page.shows("Takes no messages messages wait since 24 Nov 2026, 09:00"), "{}", page.text());
    assert_eq!(page.link("E-mail"), "/settings/channels/email");
    assert!(!app.support().get("/").has_link("E-mail"));
}

#[test]
fn shortcuts_lead_on() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = marketer.get("/");
    assert_eq!(page.link("Create campaign"), "/campaigns/new");
    assert_eq!(page.click("Add group").text_at("h1"), "Add group");
    assert_eq!(app.visitor().get("/").status, 303);
}
