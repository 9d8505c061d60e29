//! A campaign's page: numbers, groups, warnings, receivers, progress.

use chrono::Duration;
use diesel::RunQueryDsl;

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

#[test]
fn the_funnel_the_days_and_the_groups() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let members = make::members(&app, 4);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &members[..3]);
    run(&app, "UPDATE membership SET joined_at = '2026-11-01'");
    let id = make::campaign(&app, "Winter", "sms").include(vip).make();
    run(&app, &format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at, sent_at, seen_at, validated_at) VALUES
         (1, {id}, '2026-11-22T23:30Z', '2026-11-23', '2026-11-23', '2026-11-24'), (2, {id}, '2026-11-23T12:00Z', '2026-11-23', NULL, NULL),
         (3, {id}, '2026-11-24T08:00Z', NULL, NULL, NULL)"
    ));
    run(
        &app,
        &format!(
            "INSERT INTO validation (campaign_id, code, member_id, at, via) VALUES ({id}, 'X', 1, '2026-11-24T09:00Z', 'till')"
        ),
    );
    run(&app, &format!("INSERT INTO campaign_count (campaign_id, validated) VALUES ({id}, 1)"));

    let page = marketer.get(&format!("/campaigns/{id}"));

    assert_eq!(page.texts_at(".figure"), ["Receivers 3", "Issued 3", "Sent 2", "Seen 1", "Validated 1"]);
    // the first was issued after midnight in Berlin
    assert_eq!(page.texts_at(".chart tbody tr"), ["23 Nov 2026 2 0", "24 Nov 2026 1 1"]);
    assert!(page.texts_at(".panel tbody tr").contains(&"VIP 3 1".to_owned()), "{}", page.text());
    let list = marketer.get("/campaigns");
    assert!(list.texts_at("tbody tr")[0].ends_with("VIP 3 1"), "{:?}", list.texts_at("tbody tr"));
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

#[test]
fn receivers_are_listed_with_state_and_reason() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 120);
    let id = make::campaign(&app, "Winter", "app").make();
    run(
        &app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at) SELECT id, {id}, '2026-11-24T09:00Z' FROM member"
        ),
    );
    run(&app, "UPDATE delivery SET seen_at = now() WHERE member_id = 1");
    run(&app, "UPDATE delivery SET validated_at = now(), seen_at = now() WHERE member_id = 2");
    run(&app, "UPDATE delivery SET withdrawn_at = now(), reason = 'left the group' WHERE member_id = 3");
    run(&app, "UPDATE delivery SET failed_at = now(), reason = 'no such number' WHERE member_id = 4");
    run(&app, "UPDATE delivery SET expires_at = '2026-11-24T09:30Z' WHERE member_id = 5");
    run(&app, "UPDATE delivery SET sent_at = '2026-11-24T09:30Z' WHERE member_id = 6");
    let path = format!("/campaigns/{id}/deliveries");
    let page = marketer.get(&path);
    assert!(page.shows("120 members"));
    let states: Vec<_> = page.texts_at("tbody .state").into_iter().take(7).collect();
    assert_eq!(states, ["Seen", "Validated", "Withdrawn", "Failed", "Expired", "Sent", "Issued"]);
    assert!(page.shows("left the group") && page.shows("no such number"));
    assert_eq!(page.click("Next").click("Next").texts_at("tbody th").len(), 20);
    let page = page.form("Apply").choose("State", "Withdrawn").send();
    assert_eq!(page.texts_at("tbody th"), ["Member 3"]);
    assert!(page.shows("1 member"));
    assert!(marketer.get(&format!("{path}?state=failed")).shows("Member 4"));
}

#[test]
fn progress_shows_while_the_worker_is_at_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").make();
    run(
        &app,
        &format!("INSERT INTO delivery_count (campaign_id, state, through, change) VALUES ({id}, 'issued', 0, 1200)"),
    );
    run(
        &app,
        &format!(
            "INSERT INTO code_batch (campaign_id, requested, made, created_at) VALUES ({id}, 5000000, 250000, now())"
        ),
    );
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(page.shows("Issuing: 1,200 members so far") && page.shows("Making codes: 250,000 of 5,000,000"));
    let part = marketer.get(&format!("/campaigns/{id}/progress"));
    assert!(part.html.contains("hx-trigger") && part.header("hx-redirect").is_none());
    run(&app, "UPDATE code_batch SET finished_at = now()");
    run(&app, "UPDATE campaign SET issued_at = now()");
    let part = marketer.get(&format!("/campaigns/{id}/progress"));
    assert_eq!(part.header("hx-redirect"), Some(format!("/campaigns/{id}").as_str()));
    assert!(!marketer.get(&format!("/campaigns/{id}")).shows("Issuing"));
}
