//! The engine by itself, with transports that a test holds in its hand.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use muster::channels::transport::{Outcome, Outgoing, Transport};
use muster::sending::{ChannelRow, Lane, pick, send_all};

use super::rules::{issue, one_queued, run, states};
use crate::support::{TestApp, make};

/// A transport that a closure is: what happens before the hand-over, and after.
struct By<B, A>(B, A);

impl<B: FnMut(&Outgoing) + Send, A: FnMut(&Outgoing) -> Outcome + Send> Transport for By<B, A> {
    fn send(&mut self, message: &Outgoing, hand_over: &mut dyn FnMut() -> bool) -> Outcome {
        (self.0)(message);
        if hand_over() { (self.1)(message) } else { Outcome::Unwanted }
    }
}

fn lane(app: &TestApp, change: impl Fn(&mut ChannelRow)) -> Mutex<Lane<'static>> {
    run(app, "UPDATE channel SET is_on = true WHERE key = 'sms'");
    let mut channel = ChannelRow::all_on(&mut app.conn()).unwrap().remove(0);
    change(&mut channel);
    Mutex::new(Lane::of(app.muster.db.clone(), &channel, app.clock.clone()))
}

/// Sends until no message is queued.
fn send(app: &TestApp, lane: &Mutex<Lane>, transport: &mut dyn Transport) {
    let begun = Instant::now();
    send_all(lane, transport, &|| {
        assert!(begun.elapsed() < Duration::from_secs(60), "sending takes too long");
        make::count(
            app,
            "SELECT count(*) FROM message WHERE state = 'queued' AND next_attempt_at <= '2026-11-24 10:00Z'",
        ) == 0
    });
    lane.lock().unwrap().finish(Duration::from_secs(5));
}

#[test]
fn the_last_look_is_at_the_moment_of_sending() {
    for (change, told) in [
        ("UPDATE member SET sms_consent = false", "skipped no_consent"),
        ("UPDATE member SET blocked_at = now(), blocked_reason = 'fraud'", "skipped blocked"),
        ("UPDATE delivery SET withdrawn_at = now()", "withdrawn"),
        ("UPDATE campaign SET cancelled_at = now()", "queued"),
        ("UPDATE campaign SET ends_at = '2026-11-24 10:00Z'", "skipped too_late"),
        ("UPDATE campaign SET quiet_from = '10:00', quiet_until = '14:00'", "queued"),
    ] {
        let (app, ..) = one_queued("sms");
        let lane = lane(&app, |_| {});
        send(&app, &lane, &mut By(|_: &_| run(&app, change), |_: &_| panic!("sent after: {change}")));
        assert_eq!(make::text(&app, "SELECT state || coalesce(' ' || reason, '') FROM delivery"), told, "{change}");
        let sent = make::count(&app, "SELECT count(*) FROM message WHERE state IN ('sent', 'sending', 'outbox')");
        assert_eq!(sent, 0, "{change}");
    }
}

#[test]
fn who_moved_between_lease_and_sending_is_reached_at_the_new_address() {
    let (app, ..) = one_queued("sms");
    let lane = lane(&app, |_| {});
    let to = Mutex::new(Vec::new());
    let moves = |_: &_| run(&app, "UPDATE member SET phone = '+4915199999999'");
    let takes = |message: &Outgoing| {
        to.lock().unwrap().push(message.recipient.clone());
        Outcome::Sent(Some("abc".into()))
    };
    send(&app, &lane, &mut By(moves, takes));
    assert_eq!(*to.lock().unwrap(), ["+4915199999999"]);
    assert_eq!(
        make::text(&app, "SELECT state || ' ' || provider_id || ' ' || recipient FROM message"),
        "sent abc +4915199999999"
    );
}

#[test]
fn a_transport_that_panics_stops_nothing() {
    let app = TestApp::start();
    make::members(&app, 6);
    make::campaign(&app, "Latte", "sms").make();
    issue(&app);
    let lane = lane(&app, |_| {});
    let before = |message: &Outgoing| assert!(!message.recipient.ends_with('2'), "on purpose");
    let after = |message: &Outgoing| {
        assert!(!message.recipient.ends_with('4'), "on purpose");
        Outcome::Sent(None)
    };
    send(&app, &lane, &mut By(before, after));
    assert_eq!(states(&app), "queued 1, sent 4, uncertain 1");
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state = 'uncertain'"), 1);
}

#[test]
fn an_answer_is_not_lost_while_the_database_is_away() {
    let app = TestApp::start();
    make::members(&app, 3);
    make::campaign(&app, "Latte", "sms").make();
    issue(&app);
    let lane = lane(&app, |_| {});
    let cut = |_: &Outgoing| {
        run(
            &app,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
        Outcome::Sent(None)
    };
    send(&app, &lane, &mut By(|_: &_| (), cut));
    assert_eq!(
        states(&app),
        "sent 3",
        "{}",
        make::text(&app, "SELECT string_agg(message::text, chr(10)) FROM message")
    );
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM message WHERE state = 'sent' AND attempts = 1 AND worker IS NULL"),
        3
    );
}

#[test]
fn connections_work_side_by_side_but_never_hand_over_at_once() {
    let app = TestApp::start();
    make::members(&app, 40);
    make::campaign(&app, "Latte", "sms").make();
    issue(&app);
    let lane = lane(&app, |_| {});
    let (preparing, most, handing) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let before = |_: &Outgoing| {
                    most.fetch_max(preparing.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(10));
                    preparing.fetch_sub(1, Ordering::SeqCst);
                };
                let after = |_: &Outgoing| {
                    assert_eq!(handing.fetch_add(1, Ordering::SeqCst), 0);
                    assert!(make::count(&app, "SELECT count(*) FROM message WHERE state = 'sending'") <= 1);
                    handing.fetch_sub(1, Ordering::SeqCst);
                    Outcome::Sent(None)
                };
                send(&app, &lane, &mut By(before, after));
            });
        }
    });
    assert_eq!(states(&app), "sent 40");
    assert!(most.into_inner() > 1);
}

#[test]
fn a_rate_holds_over_all_workers() {
    const RATE: i32 = 40;
    let app = TestApp::start();
    make::members(&app, 120);
    make::campaign(&app, "Latte", "sms").make();
    issue(&app);
    run(&app, &format!("UPDATE channel SET rate = {RATE} WHERE key = 'sms'"));
    let times = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let lane = lane(&app, |_| {});
                send(
                    &app,
                    &lane,
                    &mut By(
                        |_: &_| (),
                        |_: &_| {
                            times.lock().unwrap().push(Instant::now());
                            Outcome::Sent(None)
                        },
                    ),
                );
            });
        }
    });
    let mut times = times.into_inner().unwrap();
    times.sort();
    assert_eq!((times.len(), states(&app).as_str()), (120, "sent 120"));
    // in no second more than the rate and the few that were a moment late
    for first in &times {
        let within = times.iter().filter(|time| **time >= *first && **time - *first < Duration::from_secs(1)).count();
        assert!(within <= RATE as usize + 8, "{within} in a second");
    }
    let took = times[119] - times[0];
    assert!(took > Duration::from_millis(2_700), "{took:?}");
}

#[test]
fn what_a_dead_worker_was_handing_over_is_uncertain_and_its_late_answer_still_counts() {
    let (app, ..) = one_queued("sms");
    let lane = lane(&app, |_| {});
    let late = |_: &Outgoing| {
        muster::sending::sweep_uncertain(&mut app.conn(), chrono::Duration::seconds(60), app.now()).unwrap();
        assert_eq!(states(&app), "queued 1");
        let then = app.now() + chrono::Duration::seconds(91);
        muster::sending::sweep_uncertain(&mut app.conn(), chrono::Duration::seconds(60), then).unwrap();
        assert_eq!(states(&app), "uncertain 1");
        assert_eq!(make::text(&app, "SELECT state FROM message"), "uncertain");
        Outcome::Sent(None)
    };
    send(&app, &lane, &mut By(|_: &_| (), late));
    assert_eq!(states(&app), "sent 1");
}

#[test]
fn a_provider_that_is_away_keeps_the_queue_as_it_is() {
    let app = TestApp::start();
    make::members(&app, 5);
    make::campaign(&app, "Latte", "sms").make();
    issue(&app);
    let lane = lane(&app, |_| {});
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = tries.clone();
    let transport = &mut By(
        |_: &_| (),
        |_: &_| match counted.fetch_add(1, Ordering::SeqCst) {
            0 => Outcome::Away("closed".into()),
            _ => Outcome::Sent(None),
        },
    );
    let begun = Instant::now();
    send(&app, &lane, transport);
    assert!(begun.elapsed() > Duration::from_millis(800), "it rests");
    assert_eq!((tries.load(Ordering::SeqCst), states(&app).as_str()), (6, "sent 5"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE attempts = 1"), 5);
}

/// A paused campaign with a hundred thousand messages, and one that may send: the claim jumps over the first.
#[test]
fn messages_that_may_not_go_do_not_slow_the_claim() {
    let app = TestApp::start();
    make::members(&app, 3);
    let paused = make::campaign(&app, "Paused", "sms").make();
    make::campaign(&app, "Live", "sms").make();
    issue(&app);
    run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {paused}"));
    run(
        &app,
        &format!(
            "INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, body, created_at)
         SELECT n, {paused}, 'coupon', 'sms', '', '', now() FROM generate_series(1, 100000) AS n"
        ),
    );
    run(&app, "VACUUM ANALYZE message");
    let plan = |sql: &str| {
        let conn = &mut app.conn();
        // as senders do
        diesel::sql_query("SET enable_seqscan = off").execute(conn).unwrap();
        #[derive(QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
            line: String,
        }
        let sql = sql
            .replace("$1", "timestamptz '2026-11-24 10:00Z'")
            .replace("$2", "'sms'")
            .replace("$3", "0")
            .replace("$4", "'{}'::bigint[]");
        let lines: Vec<Line> =
            diesel::sql_query(format!("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF) {sql}")).load(conn).unwrap();
        lines.into_iter().map(|line| line.line).collect::<Vec<_>>().join("\n")
    };
    let plan = plan(&pick::next_campaign_sql());
    assert!(!plan.contains("Seq Scan on message"), "{plan}");
    let pages: i64 = plan
        .lines()
        .find_map(|line| line.trim().strip_prefix("Buffers: shared hit="))
        .unwrap()
        .split(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    assert!(pages < 60, "{plan}");
    let found = pick::next_campaign(
        &mut app.conn(),
        muster::channels::MessageChannel::Sms,
        muster::ids::CampaignId(0),
        &[],
        app.now(),
    );
    assert!(found.unwrap().is_some_and(|campaign| campaign != paused));
}
