//! A channel that is off: the Outbox is its transport.

use chrono::Duration;
use muster::ids::CampaignId;

use super::rules::{run, states};
use crate::support::{TestApp, make};

#[test]
fn what_is_due_goes_to_the_outbox_and_the_delivery_is_sent() {
    let app = TestApp::start();
    make::members(&app, 5);
    make::campaign(&app, "Latte", "sms").make();
    make::campaign(&app, "Tea", "email").make();
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE state = 'outbox'"), 10);
    assert_eq!(states(&app), "sent 10");
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state = 'sent'"), 10);
}

#[test]
fn thousands_go_in_a_few_transactions() {
    let app = TestApp::start();
    make::members(&app, 5_000);
    make::campaign(&app, "Latte", "sms").make();
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE state = 'outbox'"), 5_000);
    assert_eq!(make::count(&app, "SELECT count(DISTINCT xmin::text) FROM message"), 3);
}

#[test]
fn a_campaign_that_must_wait_holds_up_no_other() {
    let app = TestApp::start();
    make::members(&app, 3);
    let CampaignId(first) = make::campaign(&app, "Latte", "sms").make();
    let CampaignId(second) = make::campaign(&app, "Tea", "sms").make();
    make::campaign(&app, "Cake", "sms").make();
    run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {first}"));
    run(&app, &format!("INSERT INTO campaign_sending (campaign_id, due_at, held_at, held_why) VALUES ({second}, now(), now(), 'late')
                        ON CONFLICT (campaign_id) DO UPDATE SET held_at = now(), held_why = 'late'"));
    super::rules::issue(&app);
    app.work();
    assert_eq!(states(&app), "queued 6, sent 3");
    run(&app, "UPDATE campaign SET paused_at = NULL");
    run(&app, "UPDATE campaign_sending SET released_at = held_at");
    app.work();
    assert_eq!(states(&app), "sent 9");
}

#[test]
fn a_campaign_that_is_over_or_cancelled_leaves_nothing_in_the_queue() {
    let app = TestApp::start();
    make::members(&app, 3);
    let CampaignId(cancelled) = make::campaign(&app, "Latte", "sms").make();
    make::campaign(&app, "Tea", "email").make();
    super::rules::issue(&app);
    // not due before the end
    run(&app, "UPDATE message SET next_attempt_at = 'infinity'");
    run(&app, &format!("UPDATE campaign SET cancelled_at = now() WHERE id = {cancelled}"));
    app.clock.advance(Duration::days(31));
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE state = 'withdrawn' AND channel = 'sms'"), 3);
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE state = 'skipped' AND error = 'too_late'"), 3);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'skipped' AND reason = 'too_late'"), 3);
}
