//! The audience's arithmetic, live and as lists.

use diesel::RunQueryDsl;

use super::{begin, newest};
use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

#[test]
fn the_numbers_add_up_and_lead_to_their_members() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let members = make::members(&app, 10);
    let (vip, staff) = (make::group(&app, "VIP").make(), make::group(&app, "Staff").make());
    make::stay(&app, vip, &members[..8]);
    make::stay(&app, staff, &members[6..]);
    run(&app, &format!("UPDATE member SET blocked_at = now(), blocked_reason = 'fraud' WHERE id = {}", members[0]));
    run(&app, &format!("UPDATE member SET sms_consent = false WHERE id = {}", members[1]));
    begin(&marketer, "SMS coupon");
    let id = newest(&app);
    let query = format!("audience=groups&group-{vip}=include&group-{staff}=exclude");

    let part = marketer.get(&format!("/campaigns/{id}/receivers/arithmetic?{query}"));
    assert_eq!(
        part.texts_at(".sum-part"),
        ["8 included", "2 excluded", "1 blocked", "1 no consent or address", "4 receivers"]
    );
    let receivers = part.click("4");
    assert_eq!(receivers.texts_at("tbody th").len(), 4);
    assert!(receivers.shows("Receivers") && receivers.shows("4 members"));
    assert!(part.click("1").shows("Blocked members receive nothing."));

    // without a script: the button counts and saves nothing
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    let form = page.form("Count anew").tick("Send to member group").tick("Exclude Staff");
    let page = form.send();
    assert_eq!(page.status, 200);
    assert!(page.is_ticked("Exclude Staff"));
    assert!(
        page.text_at(".sum").contains("10 included") && page.text_at(".sum").ends_with("4 receivers"),
        "{}",
        page.text_at(".sum")
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign_group"), 0);

    // stored: the same, by its own address
    page.form("Save draft").send();
    let page = marketer.get(&format!("/campaigns/{id}/audience/excluded"));
    assert!(page.shows("4 members") && page.shows("in a group that the campaign excludes"));
    assert_eq!(marketer.get(&format!("/campaigns/{id}/audience/friends")).status, 404);
}

#[test]
fn an_app_coupon_needs_no_consent() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 3);
    run(&app, "UPDATE member SET sms_consent = false");
    begin(&marketer, "App coupon");
    let part = marketer.get(&format!("/campaigns/{}/receivers/arithmetic?audience=everyone", newest(&app)));
    assert_eq!(part.texts_at(".sum-part"), ["3 included", "0 excluded", "0 blocked", "3 receivers"]);
}

#[test]
fn long_lists_have_pages() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 120);
    begin(&marketer, "App coupon");
    let first = marketer.get(&format!("/campaigns/{}/audience/receivers?audience=everyone", newest(&app)));
    assert_eq!(first.texts_at("tbody th").len(), 50);
    let last = first.click("Next").click("Next");
    assert_eq!(last.texts_at("tbody th").len(), 20);
    assert!(!last.has_link("Next") && last.shows("120 members"));
    assert_eq!(last.click("Previous").click("Previous").texts_at("tbody th"), first.texts_at("tbody th"));
}
