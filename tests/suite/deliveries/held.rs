//! Late campaigns follow their rule; one whose audience has changed waits for an answer.

use chrono::Duration;
use diesel::prelude::*;
use muster::campaigns::differences::Act;
use muster::campaigns::sending::{self, Held, HeldWhy, Sending};
use muster::deliveries::{DeliveryState, Ledger, Skip, downtime};
use muster::ids::CampaignId;
use muster::memberships::{self, Source};

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

fn held(app: &TestApp, id: CampaignId) -> Option<Held> {
    Sending::of(&mut app.conn(), id).unwrap().unwrap().held()
}

fn act(app: &TestApp) -> Act {
    Act { actor: muster::audit::Actor::program("test"), now: app.now() }
}

fn ledger(app: &TestApp, id: CampaignId) -> Ledger {
    Ledger::of(&mut app.conn(), id).unwrap()
}

#[test]
fn a_late_campaign_is_sent_held_or_dropped() {
    let app = TestApp::start();
    make::members(&app, 3);
    let make = |name: &str, rule: &str| {
        let id = make::campaign(&app, name, "sms").make();
        run(&app, &format!("UPDATE campaign SET if_late = '{rule}' WHERE id = {id}"));
        id
    };
    let (send, hold, drop) = (make("Send", "send"), make("Hold", "hold"), make("Drop", "drop"));
    let due_at = app.now();
    // on time is within two hours
    app.clock.advance(Duration::minutes(121));
    app.issue();

    assert_eq!(ledger(&app, send).issued(), 3);
    assert_eq!(ledger(&app, hold).receivers(), 0);
    let expected = Held { why: HeldWhy::Late, since: app.now(), due_at, confirmed: None, now: 3 };
    assert_eq!(held(&app, hold), Some(expected));
    assert_eq!((ledger(&app, drop).receivers(), held(&app, drop)), (0, None));
    assert_eq!(
        make::count(&app, &format!("SELECT count(*) FROM campaign WHERE cancelled_at IS NOT NULL AND id = {drop}")),
        1
    );
    let logged = "SELECT actor || ' ' || (after->>'reason') FROM audit_entry WHERE action = 'campaign cancelled'";
    assert_eq!(make::text(&app, logged), "worker late");

    // an answer, once
    assert!(sending::release(&mut app.conn(), &act(&app), hold).unwrap());
    assert!(!sending::release(&mut app.conn(), &act(&app), hold).unwrap());
    app.issue();
    assert_eq!((ledger(&app, hold).issued(), held(&app, hold)), (3, None));
}

#[test]
fn on_time_and_within_the_limit_nothing_is_held() {
    let app = TestApp::start();
    make::members(&app, 10);
    run(&app, "UPDATE setting SET late_after_minutes = 30");
    let id = make::campaign(&app, "Latte", "app").make();
    run(&app, "UPDATE campaign_sending SET confirmed_receivers = 12");
    app.clock.advance(Duration::minutes(30));
    app.issue();
    assert_eq!((ledger(&app, id).issued(), held(&app, id)), (10, None));
}

#[test]
fn another_audience_than_the_one_confirmed_asks() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ids = make::members(&app, 20);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids[..10]);
    let start = app.now() + Duration::days(2);
    let id = make::campaign(&app, "Latte", "app").include(vip).between(start, start + Duration::days(9)).draft().make();
    let page = marketer.get(&format!("/campaigns/{id}/review")).form("Publish").send();
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(make::count(&app, "SELECT confirmed_receivers FROM campaign_sending"), 10);
    assert_eq!(make::count(&app, "SELECT place FROM campaign_group"), 0);
    make::stay(&app, vip, &ids[10..13]);
    app.clock.advance(Duration::days(2));
    app.issue();
    let expected = Held { why: HeldWhy::Audience, since: app.now(), due_at: start, confirmed: Some(10), now: 13 };
    assert_eq!(held(&app, id), Some(expected));
    // who joins meanwhile gets nothing yet
    memberships::join(&mut app.conn(), ids[19], &[vip], &Source::App, app.now()).unwrap();
    assert_eq!(ledger(&app, id).receivers(), 0);
    assert!(sending::release(&mut app.conn(), &act(&app), id).unwrap());
    app.issue();
    assert_eq!(ledger(&app, id).issued(), 14);
}

#[test]
fn downtime_in_the_middle_holds_or_drops_the_rest() {
    let app = TestApp::start();
    let ids = make::members(&app, 4);
    let make = |name: &str, rule: &str| {
        let id = make::campaign(&app, name, "email").make();
        run(&app, &format!("UPDATE campaign SET if_late = '{rule}' WHERE id = {id}"));
        id
    };
    let (send, hold, drop) = (make("Send", "send"), make("Hold", "hold"), make("Drop", "drop"));
    let quiet = make("Quiet", "hold");
    app.issue();
    // one of each was sent, the last member was not reached yet, when all workers ended
    run(&app, &format!("UPDATE message SET state = 'sent' WHERE member_id = {}", ids[0]));
    run(&app, &format!("UPDATE delivery SET sent_at = now() WHERE member_id = {}", ids[0]));
    run(&app, &format!("DELETE FROM message WHERE member_id = {}", ids[3]));
    run(&app, &format!("DELETE FROM delivery WHERE member_id = {}", ids[3]));
    run(&app, &format!("UPDATE campaign SET issued_at = NULL, issued_up_to = {} WHERE id <> {quiet}", ids[2]));
    run(&app, &format!("UPDATE message SET next_attempt_at = now() + interval '1 year' WHERE campaign_id = {quiet}"));
    app.clock.advance(Duration::minutes(119));
    downtime::beat(&mut app.conn(), app.now()).unwrap();
    assert_eq!(held(&app, hold), None, "that is no gap");
    app.clock.advance(Duration::minutes(121));
    app.issue();

    assert_eq!(held(&app, hold).map(|held| (held.why, held.now)), Some((HeldWhy::Late, 4)));
    assert_eq!((held(&app, send), held(&app, drop), held(&app, quiet)), (None, None, None));
    assert_eq!((ledger(&app, send).issued(), ledger(&app, hold).issued()), (4, 3));
    // who has it keeps it
    let dropped = ledger(&app, drop);
    assert_eq!((dropped.in_state(DeliveryState::Sent), dropped.skipped(Skip::Late), dropped.receivers()), (1, 3, 4));
    let left = format!("SELECT count(*) FROM message WHERE campaign_id = {drop} AND state = 'queued'");
    assert_eq!(make::count(&app, &left), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'campaign dropped'"), 1);

    assert!(sending::release(&mut app.conn(), &act(&app), hold).unwrap());
    app.issue();
    assert_eq!(ledger(&app, hold).issued(), 4);
}

#[test]
fn a_pause_is_no_delay() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 2);
    let id = make::campaign(&app, "Latte", "app").make();
    marketer.get(&format!("/campaigns/{id}")).form("Pause").send();
    app.clock.advance(Duration::hours(9));
    app.issue();
    marketer.get(&format!("/campaigns/{id}")).form("Resume").send();
    app.issue();
    assert_eq!((ledger(&app, id).issued(), held(&app, id)), (2, None));
}

#[test]
fn a_start_that_moves_is_due_anew() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::members(&app, 2);
    let start = app.now() + Duration::hours(1);
    let id = make::campaign(&app, "Latte", "app").between(start, start + Duration::days(9)).make();
    let page = marketer.get(&format!("/campaigns/{id}/time-settings"));
    assert_eq!(page.form("Save changes").fill("Start", "2026-11-24T20:00").send().status, 303);
    app.clock.advance(Duration::hours(9));
    app.issue();
    assert_eq!((ledger(&app, id).issued(), held(&app, id)), (2, None));
}
