//! `Idempotency-Key`: a request that comes again gets the answer of the first, and is not done again.

use chrono::Duration;
use serde_json::json;

use super::{assert_books_balance, coupon, till};
use crate::support::{TestApp, make};

fn uses(app: &TestApp) -> i64 {
    make::count(app, "SELECT sum(uses_taken) FROM code")
}

#[test]
fn the_same_request_again_is_the_same_answer() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    let harbour = till(&app, "");
    let body = json!({ "code": "LATTE" });
    let first = harbour.once("/validations", "sale 1", body.clone());
    app.clock.advance(Duration::hours(23));
    assert_eq!(harbour.once("/validations", "sale 1", body.clone()), first);
    assert_eq!((first.status, uses(&app)), (201, 1));
    let path = format!("/validations/{}/reversal", first.body["id"]);
    let refused = harbour.once(&path, "sale 1 back", json!({}));
    assert_eq!(refused.refusal(), (409, "reversal_too_late"));
    assert_eq!(harbour.once(&path, "sale 1 back", json!({})), refused, "a refusal is an answer too");
    assert_eq!(make::count(&app, "SELECT count(*) FROM till_attempt WHERE act = 'reverse'"), 1);
    assert_eq!(harbour.once("/validations", "sale 2", body).status, 201);
    assert_eq!(uses(&app), 2);
}

#[test]
fn another_request_with_the_key_is_refused() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    coupon(&app, "AMERICANO", None);
    let [harbour, airport] = [till(&app, ""), till(&app, "")];
    harbour.once("/validations", "sale 1", json!({ "code": "LATTE" })).done();
    for (path, body) in [
        ("/validations", json!({ "code": "AMERICANO" })),
        ("/validations", json!({ "code": "LATTE", "till": "3" })),
        ("/reservations", json!({ "codes": ["LATTE"] })),
    ] {
        let answer = harbour.once(path, "sale 1", body);
        assert_eq!(answer.refusal(), (422, "idempotency_key_reused"));
    }
    assert_eq!(uses(&app), 1);
    // keys are each till's own
    airport.once("/validations", "sale 1", json!({ "code": "AMERICANO" })).done();
    for key in ["", " ", &"x".repeat(256)] {
        let answer = harbour.once("/validations", key, json!({ "code": "LATTE" }));
        assert_eq!(answer.refusal(), (400, "bad_request"), "{key:?}");
    }
    assert_eq!(uses(&app), 2);
}

#[test]
fn a_refusal_is_kept_though_it_would_be_none_by_now() {
    let app = TestApp::start();
    let campaign = coupon(&app, "LATTE", None);
    make::run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {campaign}"));
    let harbour = till(&app, "");
    let send = |key: &str| harbour.once("/validations", key, json!({ "code": "LATTE" }));
    let refused = send("sale 1");
    assert_eq!(refused.refusal(), (409, "campaign_not_active"));
    make::run(&app, "UPDATE campaign SET paused_at = NULL");
    assert_eq!(send("sale 1"), refused);
    send("sale 2").done();
    // but what cannot be read, and what is only for the moment, is no answer to keep
    assert_eq!(harbour.once("/validations", "sale 3", json!({ "code": "" })).status, 422);
    harbour.once("/validations", "sale 3", json!({ "code": "LATTE" })).done();
    make::run(
        &app,
        &format!(
            "INSERT INTO throttle (key, window_ends_at, count) VALUES ('till key {}', '2026-11-24 10:10Z', 100)",
            harbour.key_id
        ),
    );
    assert_eq!(send("sale 4").status, 429);
    app.clock.advance(Duration::minutes(10));
    send("sale 4").done();
    assert_books_balance(&app);
}

#[test]
fn after_a_day_the_key_is_free_again() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    let harbour = till(&app, "");
    let first = harbour.once("/validations", "sale 1", json!({ "code": "LATTE" }));
    app.clock.advance(Duration::hours(24));
    let second = harbour.once("/validations", "sale 1", json!({ "code": "LATTE" }));
    assert_ne!(first.done()["id"], second.done()["id"]);
    app.clock.advance(Duration::hours(25));
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM idempotency"), 0, "swept");
}

#[test]
fn two_at_once_are_one() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    let harbour = till(&app, "");
    for sale in 0..20 {
        let answers: Vec<_> = std::thread::scope(|scope| {
            let send = || harbour.once("/validations", &format!("sale {sale}"), json!({ "code": "LATTE" }));
            let both: Vec<_> = (0..6).map(|_| scope.spawn(send)).collect();
            both.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|answer| answer.status == 201 && *answer == answers[0]));
    }
    assert_eq!(uses(&app), 20);
    assert_eq!(make::count(&app, "SELECT count(*) FROM idempotency WHERE status = 0 OR body = ''"), 0);
    assert_books_balance(&app);
}
