//! Quiet hours, where the member lives; reminders.

use chrono::Duration;
use diesel::prelude::*;
use muster::deliveries::{Ledger, Skip};
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

fn next(app: &TestApp, member: i64) -> String {
    make::text(app, &format!("SELECT next_attempt_at AT TIME ZONE 'UTC' FROM message WHERE member_id = {member}"))
}

fn quiet(app: &TestApp, id: CampaignId, from: &str, until: &str) {
    run(app, &format!("UPDATE campaign SET quiet_from = '{from}', quiet_until = '{until}' WHERE id = {id}"));
}

#[test]
fn messages_wait_for_the_morning_where_the_member_lives() {
    let app = TestApp::start();
    make::members(&app, 3);
    run(&app, "UPDATE member SET time_zone = 'America/New_York' WHERE id = 2");
    run(&app, "UPDATE member SET time_zone = 'Asia/Tokyo' WHERE id = 3");
    // 11:00 in Berlin, 05:00 in New York, 19:00 in Tokyo
    let id = make::campaign(&app, "Latte", "sms").make();
    quiet(&app, id, "19:00", "08:00");
    app.issue();
    assert_eq!(next(&app, 1), "2026-11-24 10:00:00");
    assert_eq!(next(&app, 2), "2026-11-24 13:00:00");
    assert_eq!(next(&app, 3), "2026-11-24 23:00:00");
}

#[test]
fn the_night_in_which_clocks_change() {
    let app = TestApp::start();
    make::members(&app, 2);
    run(&app, "UPDATE member SET time_zone = 'America/New_York' WHERE id = 2");
    // the night to 28 March 2027: Berlin goes to summer time, New York has it since two weeks
    app.clock.advance(chrono::DateTime::parse_from_rfc3339("2027-03-27T22:30:00Z").unwrap().to_utc() - app.now());
    let id = make::campaign(&app, "Latte", "email").make();
    quiet(&app, id, "18:00", "07:00");
    app.issue();
    assert_eq!(next(&app, 1), "2027-03-28 05:00:00", "07:00 in summer time");
    assert_eq!(next(&app, 2), "2027-03-28 11:00:00", "18:30 there: until the next morning");
    // and back, in the autumn
    app.clock.advance(chrono::DateTime::parse_from_rfc3339("2027-10-30T22:30:00Z").unwrap().to_utc() - app.now());
    run(&app, "DELETE FROM message");
    let id = make::campaign(&app, "Mocha", "email").make();
    quiet(&app, id, "18:00", "07:00");
    app.issue();
    assert_eq!(next(&app, 1), "2027-10-31 06:00:00", "07:00 in winter time");
}

#[test]
fn what_could_only_arrive_after_its_end_is_skipped() {
    let app = TestApp::start();
    make::members(&app, 2);
    run(&app, "UPDATE member SET time_zone = 'Asia/Tokyo' WHERE id = 2");
    let start = app.now() - Duration::hours(1);
    let id = make::campaign(&app, "Latte", "sms").between(start, start + Duration::hours(9)).make();
    quiet(&app, id, "19:00", "08:00");
    app.issue();
    let ledger = Ledger::of(&mut app.conn(), id).unwrap();
    assert_eq!((ledger.issued(), ledger.skipped(Skip::Quiet)), (1, 1));
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 1);
}

/// All that waited was sent.
fn sent(app: &TestApp) {
    run(app, "UPDATE message SET state = 'sent' WHERE state = 'queued'");
    run(app, "UPDATE delivery SET sent_at = now() WHERE state = 'queued'");
}

fn reminders(app: &TestApp) -> i64 {
    make::count(app, "SELECT count(*) FROM message WHERE purpose = 'reminder'")
}

#[test]
fn whoever_has_not_used_it_is_reminded_once() {
    let app = TestApp::start();
    make::members(&app, 6);
    make::campaign(&app, "Latte", "sms").make();
    run(&app, "UPDATE campaign SET reminder_days = 3");
    app.issue();
    sent(&app);
    run(&app, "UPDATE delivery SET validated_at = now() WHERE member_id = 1");
    run(&app, "UPDATE delivery SET withdrawn_at = now(), reason = 'x' WHERE member_id = 2");
    run(&app, "UPDATE delivery SET failed_at = now(), reason = 'x' WHERE member_id = 3");
    run(&app, "UPDATE member SET sms_consent = false WHERE id = 4");
    // it ends on 24 December at 10:00
    app.clock.advance(Duration::days(27) - Duration::seconds(1));
    app.issue();
    assert_eq!(reminders(&app), 0);
    app.clock.advance(Duration::seconds(1));
    app.issue();
    let told = "SELECT string_agg(member_id::text, ',' ORDER BY member_id) FROM message WHERE purpose = 'reminder'";
    assert_eq!(make::text(&app, told), "5,6");
    let text = "SELECT message_text.body FROM message_text JOIN message ON message.text_id = message_text.id WHERE purpose = 'reminder' LIMIT 1";
    assert_eq!(make::text(&app, text), "Reminder: Your coupon: {link}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'sent'"), 3);
    // a later end brings no second one
    run(&app, "UPDATE campaign SET ends_at = ends_at + interval '1 day'");
    app.issue();
    app.clock.advance(Duration::days(1));
    app.issue();
    assert_eq!(reminders(&app), 2);
}

#[test]
fn reminders_go_by_each_coupons_own_date_and_not_by_night() {
    let app = TestApp::start();
    let ids = make::members(&app, 2);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids[..1]);
    make::campaign(&app, "Latte", "email").include(vip).also_later(true).make();
    run(&app, "UPDATE campaign SET reminder_days = 2, validity_days = 7");
    app.issue();
    sent(&app);
    app.clock.advance(Duration::hours(11));
    muster::memberships::join(&mut app.conn(), ids[1], &[vip], &muster::memberships::Source::App, app.now()).unwrap();
    sent(&app);
    app.clock.advance(Duration::days(5) - Duration::hours(11));
    app.issue();
    assert_eq!(reminders(&app), 1);
    sent(&app);
    app.clock.advance(Duration::hours(11));
    app.issue();
    assert_eq!(reminders(&app), 2);
    // due at 22:00, it waits for the morning
    let at =
        "SELECT next_attempt_at AT TIME ZONE 'UTC' FROM message WHERE purpose = 'reminder' ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, at), "2026-11-30 08:00:00");
}

#[test]
fn held_and_paused_campaigns_remind_nobody() {
    let app = TestApp::start();
    make::members(&app, 1);
    make::campaign(&app, "Latte", "email").make();
    run(&app, "UPDATE campaign SET reminder_days = 3");
    app.issue();
    sent(&app);
    app.clock.advance(Duration::days(28));
    run(&app, "UPDATE campaign SET paused_at = now()");
    app.issue();
    run(&app, "UPDATE campaign SET paused_at = NULL");
    run(&app, "UPDATE campaign_sending SET held_at = now(), held_why = 'late'");
    app.issue();
    assert_eq!(reminders(&app), 0);
    run(&app, "UPDATE campaign_sending SET held_at = NULL, held_why = NULL");
    app.issue();
    assert_eq!(reminders(&app), 1);
}

#[test]
fn app_coupons_notify_and_remind_those_who_take_notifications() {
    let app = TestApp::start();
    make::members(&app, 3);
    run(&app, "UPDATE member SET push_consent = false WHERE id = 2");
    run(&app, "INSERT INTO push_subscription (member_id, endpoint, p256dh, auth, created_at)
        SELECT id, 'https://push.example/' || id, decode(repeat('00', 65), 'hex'), decode(repeat('00', 16), 'hex'), now() FROM member WHERE id < 3");
    let id = make::campaign(&app, "Latte", "app").make();
    run(&app, "UPDATE campaign SET notify_push = true, reminder_days = 3");
    app.issue();
    let ledger = Ledger::of(&mut app.conn(), id).unwrap();
    assert_eq!(ledger.in_words(), "issued 2 + queued 1");
    assert_eq!(make::text(&app, "SELECT member_id || ' ' || channel || ' ' || purpose FROM message"), "1 push coupon");
    sent(&app);
    app.clock.advance(Duration::days(27));
    app.issue();
    assert_eq!(reminders(&app), 1);
}
