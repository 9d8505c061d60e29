//! What is over: paused, cancelled, ended, left, expired.

use chrono::Duration;
use diesel::prelude::*;
use muster::deliveries::{DeliveryState, Ledger, Skip};
use muster::ids::CampaignId;
use muster::memberships::{self, Source};

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

fn ledger(app: &TestApp, id: CampaignId) -> Ledger {
    Ledger::of(&mut app.conn(), id).unwrap()
}

fn messages(app: &TestApp, state: &str) -> i64 {
    make::count(app, &format!("SELECT count(*) FROM message WHERE state = '{state}'"))
}

#[test]
fn cancelling_withdraws_what_waits_however_much_there_is() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 25_000);
    let id = make::campaign(&app, "Latte", "sms").one_code("LATTE26", None).make();
    app.issue();
    run(&app, "UPDATE delivery SET sent_at = now(), failed_at = now(), reason = 'x' WHERE member_id = 1");
    run(&app, "UPDATE delivery SET validated_at = now() WHERE member_id = 2");
    let page = marketer.get(&format!("/campaigns/{id}")).click("Cancel");
    assert!(page.shows("24,998 members hold it unused"), "{}", page.text());
    let page = page.form("Cancel campaign").send().follow(&marketer);
    assert!(page.shows("24,998 unused coupons are withdrawn."), "{}", page.text());
    assert_eq!(ledger(&app, id).in_state(DeliveryState::Withdrawn), 20_000, "the request is quick");
    app.issue();
    assert_eq!(ledger(&app, id).in_words(), "validated 1 + failed 1 + withdrawn 24998");
    assert_eq!(messages(&app, "withdrawn"), 25_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign_sending WHERE closed_at IS NOT NULL"), 1);
}

#[test]
fn what_waits_when_a_campaign_ends_is_skipped_as_too_late() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 3);
    let id = make::campaign(&app, "Latte", "sms").make();
    app.issue();
    run(&app, "UPDATE message SET state = 'sent' WHERE member_id = 1");
    run(&app, "UPDATE delivery SET sent_at = now() WHERE member_id = 1");
    marketer.get(&format!("/campaigns/{id}/end")).form("End now").send();
    app.issue();
    assert_eq!((ledger(&app, id).skipped(Skip::TooLate), ledger(&app, id).in_state(DeliveryState::Sent)), (2, 1));
    assert_eq!((messages(&app, "skipped"), messages(&app, "sent"), messages(&app, "queued")), (2, 1, 0));
}

#[test]
fn pausing_issues_nothing_and_keeps_what_waits() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ids = make::members(&app, 3);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids[..2]);
    let id = make::campaign(&app, "Latte", "sms").include(vip).also_later(true).make();
    app.issue();
    marketer.get(&format!("/campaigns/{id}")).form("Pause").send();
    memberships::join(&mut app.conn(), ids[2], &[vip], &Source::App, app.now()).unwrap();
    app.issue();
    assert_eq!((ledger(&app, id).receivers(), messages(&app, "queued")), (2, 2));
    marketer.get(&format!("/campaigns/{id}")).form("Resume").send();
    app.issue();
    assert_eq!((ledger(&app, id).receivers(), messages(&app, "queued")), (3, 3));
}

#[test]
fn who_leaves_is_not_told_and_who_comes_back_is() {
    let app = TestApp::start();
    let ids = make::members(&app, 2);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids);
    make::campaign(&app, "Latte", "email").include(vip).also_later(true).make();
    app.issue();
    memberships::leave(&mut app.conn(), ids[0], &[vip], &Source::App, app.now()).unwrap();
    assert_eq!((messages(&app, "withdrawn"), messages(&app, "queued")), (1, 1));
    memberships::join(&mut app.conn(), ids[0], &[vip], &Source::App, app.now()).unwrap();
    assert_eq!((messages(&app, "withdrawn"), messages(&app, "queued")), (0, 2));
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'queued'"), 2);
}

#[test]
fn unused_coupons_expire_by_their_own_date() {
    let app = TestApp::start();
    make::members(&app, 6);
    let id = make::campaign(&app, "Latte", "sms").make();
    run(&app, "UPDATE campaign SET validity_days = 7");
    app.issue();
    run(&app, "UPDATE message SET state = 'sent' WHERE member_id < 6");
    run(&app, "UPDATE delivery SET sent_at = now() WHERE member_id < 6");
    run(&app, "UPDATE delivery SET validated_at = now() WHERE member_id = 1");
    run(&app, "UPDATE delivery SET withdrawn_at = now(), reason = 'x' WHERE member_id = 2");
    run(&app, "UPDATE delivery SET seen_at = now() WHERE member_id = 3");
    app.clock.advance(Duration::days(7) - Duration::seconds(1));
    app.issue();
    assert_eq!(ledger(&app, id).in_state(DeliveryState::Expired), 0);
    app.clock.advance(Duration::seconds(1));
    app.issue();
    // the last one's message never went
    assert_eq!(ledger(&app, id).in_words(), "validated 1 + skipped 1 + withdrawn 1 + expired 3");
    assert_eq!(ledger(&app, id).skipped(Skip::TooLate), 1);
    assert_eq!(messages(&app, "skipped"), 1);
    app.issue();
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign_sending WHERE expired_until IS NOT NULL"), 1);
}
