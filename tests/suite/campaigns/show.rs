//! A campaign's page: numbers, groups, warnings, progress.

use chrono::Duration;
use diesel::RunQueryDsl;

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

#[test]
fn the_funnel_the_ledger_the_days_and_the_groups() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 5);
    let vip = make::group(&app, "VIP").make();
    let tea = make::group(&app, "Tea").make();
    let id = make::campaign(&app, "Winter", "sms").include(vip).include(tea).make();
    run(&app, &format!("UPDATE campaign_group SET place = CASE group_id WHEN {vip} THEN 0 ELSE 5 END"));
    run(&app, &format!("UPDATE campaign SET issuing_since = now(), issued_at = now() WHERE id = {id}"));
    run(&app, &format!(
        "INSERT INTO delivery (member_id, campaign_id, through, issued_at, queued_at, sent_at, seen_at, validated_at, skipped_at, reason) VALUES
         (1, {id}, 1, '2026-11-22T23:30Z', '2026-11-22T23:30Z', '2026-11-23', '2026-11-23', '2026-11-24', NULL, NULL),
         (2, {id}, 33, '2026-11-23T12:00Z', '2026-11-23T12:00Z', '2026-11-23', NULL, NULL, NULL, NULL),
         (3, {id}, 32, '2026-11-24T08:00Z', '2026-11-24T08:00Z', NULL, NULL, NULL, NULL, NULL),
         (4, {id}, 32, '2026-11-24T08:00Z', NULL, NULL, NULL, NULL, '2026-11-24T08:00Z', 'no_consent')"
    ));

    let page = marketer.get(&format!("/campaigns/{id}"));

    let funnel = ["Receivers 4", "Issued 3 75 %", "Sent 2 50 %", "Seen 1 25 %", "Validated 1 25 %"];
    assert_eq!(page.texts_at(".funnel-step"), funnel);
    assert_eq!(page.text_at(".ledger"), "Receivers 4 = Queued 1 + Sent 1 + Validated 1 + Skipped 1");
    assert_eq!(page.text_at(".ledger-skips"), "Skipped: No consent 1");
    // the first was issued after midnight in Berlin
    assert_eq!(page.texts_at(".chart tbody tr"), ["23 Nov 2026 2 2 1 0", "24 Nov 2026 1 0 0 1"]);
    assert_eq!(page.texts_at(".chart thead th"), ["Day", "Issued", "Sent", "Seen", "Validated"]);
    // a member of two groups counts in both
    let groups: Vec<_> = page.texts_at(".panel .table-box tbody tr");
    assert_eq!(groups, ["Tea 3 2 1 0 0", "VIP 2 2 2 1 1"]);
    assert!(!page.has_link("Retry failed"));
}

#[test]
fn before_it_is_issued_the_page_says_for_how_many_it_was_confirmed() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 3);
    let start = app.now() + Duration::days(2);
    let id = make::campaign(&app, "Soon", "app").between(start, start + Duration::days(9)).make();
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert_eq!(page.text_at(".expected-number"), "3 receivers", "not confirmed: counted now");
    run(&app, &format!("DELETE FROM campaign_sending WHERE campaign_id = {id}"));
    run(
        &app,
        &format!("INSERT INTO campaign_sending (campaign_id, due_at, confirmed_receivers) VALUES ({id}, now(), 1234)"),
    );
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert_eq!(page.text_at(".expected-number"), "1,234 receivers");
    assert!(page.shows("It goes out from 26 Nov 2026, 11:00."), "{}", page.text());
}

#[test]
fn what_is_open_when_the_campaign_ends_has_expired() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 4);
    let past = app.now() - Duration::days(1);
    let id = make::campaign(&app, "Over", "sms").between(past - Duration::days(5), past).make();
    run(
        &app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at) SELECT id, {id}, '2026-11-20', '2026-11-20' FROM member"
        ),
    );
    run(&app, "UPDATE delivery SET sent_at = '2026-11-20' WHERE member_id <= 3");
    run(&app, "UPDATE delivery SET validated_at = '2026-11-21', seen_at = '2026-11-21' WHERE member_id = 1");
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert_eq!(page.text_at(".ledger"), "Receivers 4 = Validated 1 + Expired 3");
    assert_eq!(page.texts_at(".funnel-step")[2], "Sent 3 75 %", "what was sent stays sent");
    let list = marketer.get(&format!("/campaigns/{id}/deliveries?state=expired"));
    assert_eq!(list.texts_at("tbody .state"), ["Expired", "Expired", "Expired"]);
    assert!(list.shows("23 Nov 2026, 11:00"), "since the campaign’s end: {}", list.text());
    assert!(marketer.get(&format!("/campaigns/{id}/deliveries?state=sent")).shows("Nothing found for Sent"));
}

#[test]
fn a_gap_between_group_and_campaign_shows_on_the_campaign() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Join", "code").make();
    let stop = app.now() + Duration::days(60);
    make::group(&app, "Barista club").between(app.now() - Duration::days(1), Some(stop)).by_code(id).make();
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(page.shows("obody can join from") && page.shows("the campaign ends on"), "{}", page.text());
    assert_eq!(page.link("Change the time frame"), format!("/campaigns/{id}/time-settings#field-end"));
    assert!(page.has_link("Barista club"));

    let form = marketer.get(&format!("/campaigns/{id}/time-settings")).form("Save changes");
    form.fill("End", "2027-06-30T23:59").send();
    assert!(!marketer.get(&format!("/campaigns/{id}")).shows("obody can join"));
}
