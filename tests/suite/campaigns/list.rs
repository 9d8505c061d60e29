//! The list: search, filters, pages.

use chrono::Duration;
use diesel::RunQueryDsl;

use crate::support::{TestApp, make};

#[test]
fn it_is_empty_until_there_is_a_campaign() {
    let app = TestApp::start();
    let page = app.marketer().get("/campaigns");
    assert!(page.shows("Campaigns bring coupons to your members") && page.has_link("Create campaign"));
    assert!(page.click("Create campaign").shows("How shall the coupon reach people?"));
}

#[test]
fn each_status_is_derived_alike_in_filter_and_row() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (now, day) = (app.now(), Duration::days(1));
    make::campaign(&app, "a draft", "app").draft().make();
    make::campaign(&app, "a scheduled", "app").between(now + day, now + day * 2).make();
    make::campaign(&app, "a live", "sms").make();
    make::campaign(&app, "an ended", "email").between(now - day * 2, now).make();
    let paused = make::campaign(&app, "a paused", "code").make();
    let cancelled = make::campaign(&app, "a cancelled", "code").make();
    for (id, mark) in [(paused, "paused_at"), (cancelled, "cancelled_at")] {
        diesel::sql_query(format!("UPDATE campaign SET {mark} = now() WHERE id = {id}"))
            .execute(&mut app.conn())
            .unwrap();
    }
    assert!(marketer.get("/campaigns").shows("6 campaigns"));
    for status in ["Draft", "Scheduled", "Live", "Paused", "Ended", "Cancelled"] {
        let page = marketer.get("/campaigns").form("Apply").choose("Status", status).send();
        assert_eq!(page.texts_at("tbody .state"), [status]);
        assert!(page.texts_at("tbody th")[0].ends_with(&status.to_lowercase()) && page.shows("1 campaign"));
    }
    let page = marketer.get("/campaigns").form("Apply").choose("Kind", "Code coupon").send();
    assert_eq!(page.texts_at("tbody th"), ["a cancelled", "a paused"]);
}

#[test]
fn it_is_searched_by_name_and_group() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let vip = make::group(&app, "VIP").make();
    make::campaign(&app, "Café Öl 100%", "app").include(vip).make();
    let join = make::campaign(&app, "Join", "code").make();
    make::campaign(&app, "Other", "app").make();
    make::group(&app, "Club").by_code(join).make();
    let names = |query: &str| marketer.get(&format!("/campaigns?{query}")).texts_at("tbody th");
    assert_eq!(names("q=cafe"), ["Café Öl 100%"]);
    assert_eq!(names("q=100%25"), ["Café Öl 100%"]);
    assert_eq!(names("q=%25"), ["Café Öl 100%"], "not a wildcard");
    assert_eq!(names(&format!("group={vip}")), ["Café Öl 100%"]);
    let page = marketer.get("/campaigns").form("Apply").choose("Group", "Club").send();
    assert_eq!(page.texts_at("tbody th"), ["Join"]);
    let page = marketer.get("/campaigns?q=latte%00%27&status=live&kind=app");
    assert!(page.shows("Nothing found for “latte'”, App coupon, Live.") && page.has_link("Clear search and filters"));
    assert_eq!(names("status=nonsense&kind=x&group=y&after=z").len(), 3);
}

#[test]
fn long_lists_have_pages_that_keep_the_filter() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for n in 0..53 {
        make::campaign(&app, &format!("Campaign {n}"), "app").make();
    }
    let first = marketer.get("/campaigns?kind=app");
    assert_eq!(first.texts_at("tbody th").len(), 50);
    assert!(first.shows("53 campaigns"));
    let second = first.click("Next");
    assert_eq!(second.texts_at("tbody th"), ["Campaign 2", "Campaign 1", "Campaign 0"]);
    assert_eq!(second.click("Previous").texts_at("tbody th"), first.texts_at("tbody th"));
    assert!(second.link("Previous").contains("kind=app"));
}
