//! A campaign that is held: told, sent or cancelled by those who may.

use diesel::RunQueryDsl;

use super::audited;
use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

#[test]
fn a_late_campaign_asks_and_is_sent_by_a_marketer() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 7);
    let id = make::campaign(&app, "Winter", "sms").make();
    run(&app, &format!(
        "UPDATE campaign_sending SET due_at = '2026-11-24T05:00Z', confirmed_receivers = 6, held_at = '2026-11-24T09:30Z', held_why = 'late', held_receivers = 7
         WHERE campaign_id = {id}"
    ));
    let page = marketer.get(&format!("/campaigns/{id}"));
    let words = "Held: nothing goes out until you decide It was due on 24 Nov 2026, 06:00, but nothing could go out until 24 Nov 2026, 10:30, 5 hours later. Send now Cancel";
    assert_eq!(page.text_at(".held-banner"), words);
    assert_eq!(page.link("Cancel"), format!("/campaigns/{id}/cancel"));
    // and it is seen from afar
    assert_eq!(marketer.get("/campaigns").texts_at("tbody .trouble"), ["Held"]);
    assert!(marketer.get("/").shows("Winter Held: nothing goes out until someone decides"));
    let ask = page.click("Send now");
    assert!(ask.shows("It goes to 7 members , counted just now; 6 when it was published."), "{}", ask.text());
    let support = app.support();
    assert_eq!(support.get(&format!("/campaigns/{id}/release")).status, 403);
    assert_eq!(support.bypass(&format!("/campaigns/{id}/release"), &[], "/user-support").status, 403);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign_sending WHERE held_at IS NOT NULL"), 1);
    let done = ask.form("Send now").send();
    assert_eq!(done.status, 303);
    assert!(done.follow(&marketer).shows("Winter goes out now."));
    let released =
        "SELECT count(*) FROM campaign_sending WHERE held_at IS NULL AND held_why IS NULL AND released_at IS NOT NULL";
    assert_eq!(make::count(&app, released), 1);
    assert_eq!(audited(&app, "campaign released"), 1);
    assert!(marketer.get("/campaigns").texts_at("tbody .trouble").is_empty());
    // pressed twice
    let again = ask.form("Send now").send().follow(&marketer);
    assert!(again.shows("Nothing was changed: Winter is not held."), "{}", again.text());
    assert_eq!(audited(&app, "campaign released"), 1);
    assert_eq!(marketer.get(&format!("/campaigns/{id}/release")).status, 303);
}

#[test]
fn a_changed_audience_is_told_in_numbers() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").make();
    run(
        &app,
        &format!(
            "UPDATE campaign_sending SET confirmed_receivers = 1000, held_at = now(), held_why = 'audience', held_receivers = 1340 WHERE campaign_id = {id}"
        ),
    );
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(
        page.shows("When it was published it had 1,000 receivers; when it was to begin, 1,340 (34 % more)."),
        "{}",
        page.text()
    );
    run(&app, "UPDATE campaign SET cancelled_at = now()");
    assert!(!marketer.get(&format!("/campaigns/{id}")).shows("Held:"), "cancelled: nothing to decide");
}
