//! 64 tills on 1,000 codes: nothing is used twice, nothing is lost.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::json;

use super::storm::{self, Told};
use super::{assert_books_balance, card_of, coupon, till};
use crate::support::{Program, TestApp, make};

/// Two seconds, or as many as `MUSTER_TILL_SECONDS` says.
pub fn seconds() -> Duration {
    let seconds = std::env::var("MUSTER_TILL_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(2))
}

#[test]
fn sixty_four_tills() {
    let app = TestApp::start();
    let codes = storm::codes(&app, app.now());
    let tills: Vec<Program> = (0..64).map(|n| till(&app, ["", "Harbour"][n % 2])).collect();
    let told = Told::default();

    storm::rage(&tills, &codes, Instant::now() + seconds(), &told);

    assert_books_balance(&app);
    let [validated, reversed] = [&told.validated, &told.reversed].map(|count| count.load(Ordering::Relaxed));
    assert_eq!(make::count(&app, "SELECT count(*) FROM validation"), validated);
    assert_eq!(make::count(&app, "SELECT count(*) FROM validation WHERE reversed_at IS NOT NULL"), reversed);
    assert!(validated > 50 && reversed > 0 && told.refused.load(Ordering::Relaxed) > 0, "{told:?}");
    // what is open ends by itself, and every use of it is there again
    app.clock.advance(chrono::Duration::minutes(15));
    app.work();
    assert_eq!(make::count(&app, "SELECT sum(uses_taken) FROM code"), validated - reversed);
    assert_books_balance(&app);
    eprintln!("{told:?}");
}

#[test]
fn one_use_and_fifty_tills() {
    let app = TestApp::start();
    coupon(&app, "LATTE", Some(1));
    let tills: Vec<Program> = (0..50).map(|_| till(&app, "")).collect();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let sent = tills.iter().enumerate().map(|(n, till)| {
            scope.spawn(move || match n % 2 {
                0 => till.post("/validations", json!({ "code": "LATTE" })).status,
                _ => till.post("/reservations", json!({ "codes": ["LATTE"] })).status,
            })
        });
        sent.collect::<Vec<_>>().into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 409).count(), 49);
    assert_books_balance(&app);
}

#[test]
fn one_member_at_many_tills_and_in_the_app() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    make::campaign(&app, "Often", "code").one_code("OFTEN", None).per_member(5).make();
    let card = card_of(&app, ann);
    let tills: Vec<Program> = (0..20).map(|_| till(&app, "")).collect();
    let now = app.now();
    let used: i64 = std::thread::scope(|scope| {
        let at_tills = tills.iter().map(|till| {
            let body = json!({ "code": "OFTEN", "member_card": card });
            scope.spawn(move || i64::from(till.post("/validations", body).status == 201))
        });
        let at_tills: Vec<_> = at_tills.collect();
        let mut in_app = 0;
        for _ in 0..5 {
            let mut conn = app.conn();
            let entry: Result<_, muster::error::AppError> = diesel::Connection::transaction(&mut conn, |conn| {
                Ok(muster::memberships::enter(conn, ann, "OFTEN", "app", now)?)
            });
            in_app += i64::from(matches!(entry.unwrap(), muster::memberships::Entry::Used { .. }));
        }
        in_app + at_tills.into_iter().map(|thread| thread.join().unwrap()).sum::<i64>()
    });
    assert_eq!(used, 5);
    assert_eq!(make::count(&app, "SELECT count(*) FROM validation"), 5);
    assert_books_balance(&app);
}

/// Baskets with the same codes in other orders: whoever waits, waits in the same direction.
#[test]
fn baskets_in_any_order() {
    let app = TestApp::start();
    let codes: Vec<String> = (0..12).map(|n| format!("CODE{n}")).collect();
    for code in &codes {
        coupon(&app, code, None);
    }
    let tills: Vec<Program> = (0..16).map(|_| till(&app, "")).collect();
    std::thread::scope(|scope| {
        for (lane, till) in tills.iter().enumerate() {
            let mut mine = codes.clone();
            mine.rotate_left(lane % 12);
            if lane % 2 == 0 {
                mine.reverse();
            }
            scope.spawn(move || {
                for round in 0..10 {
                    let held = till.post("/reservations", json!({ "codes": mine }));
                    let path = format!("/reservations/{}", held.done()["id"].as_str().unwrap());
                    let act = if round % 2 == 0 { "validation" } else { "cancellation" };
                    till.post(&format!("{path}/{act}"), json!({})).done();
                }
            });
        }
    });
    assert_eq!(make::count(&app, "SELECT sum(uses_taken) FROM code"), 16 * 5 * 12);
    assert_books_balance(&app);
}
