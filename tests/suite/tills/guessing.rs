//! Who guesses gets nowhere, and honest tills notice nothing of it.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::Duration;
use serde_json::{Value, json};

use super::{card_of, coupon, till};
use crate::support::program::Answered;
use crate::support::{Program, TestApp, make};

fn from(program: &Program, address: &str, path: &str, body: Value) -> Answered {
    program.try_send("POST", path, &[("X-Forwarded-For", address)], Some(&body.to_string())).unwrap()
}

#[test]
fn a_hundred_wrong_codes_for_a_key() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    let ann = make::member(&app, "Ann");
    let card = card_of(&app, ann);
    let [thief, honest] = [till(&app, ""), till(&app, "")];
    let held = thief.post("/reservations", json!({ "codes": ["LATTE"] }));
    let path = format!("/reservations/{}/validation", held.done()["id"].as_str().unwrap());
    let wrong = |n: i32| match n % 4 {
        0 => thief.post("/lookups", json!({ "code": "WRONG" })),
        1 => thief.post("/validations", json!({ "code": "WRONG" })),
        2 => thief.post("/reservations", json!({ "codes": ["WRONG"] })),
        _ => thief.post("/validations", json!({ "code": "LATTE", "member_card": "WRONG" })),
    };
    for n in 0..100 {
        assert_eq!(wrong(n).status, 404);
    }
    // nothing tells a good code from a wrong one now
    for body in [json!({ "code": "WRONG" }), json!({ "code": "LATTE" }), json!({ "code": card })] {
        let refused = thief.post("/lookups", body);
        assert_eq!(refused.refusal(), (429, "too_many_attempts"));
        assert_eq!(refused.retry_after.as_deref(), Some("600"));
    }
    assert_eq!(thief.post("/validations", json!({ "code": "LATTE" })).status, 429);
    // a sale that is under way is finished
    thief.post(&path, json!({})).done();
    honest.post("/validations", json!({ "code": "LATTE" })).done();
    app.clock.advance(Duration::minutes(10));
    thief.post("/validations", json!({ "code": "LATTE" })).done();
}

#[test]
fn someone_else_s_code_could_be_a_guess_and_other_refusals_are_none() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    super::personal(&app, "Bobs", "BOBS", bob);
    let paused = coupon(&app, "PAUSED", None);
    make::run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {paused}"));
    let (harbour, card) = (till(&app, ""), card_of(&app, ann));
    for _ in 0..101 {
        assert_eq!(harbour.post("/validations", json!({ "code": "PAUSED" })).status, 409);
    }
    for _ in 0..100 {
        let refused = harbour.post("/validations", json!({ "code": "BOBS", "member_card": card }));
        assert_eq!(refused.refusal(), (409, "not_a_receiver"));
    }
    assert_eq!(harbour.post("/validations", json!({ "code": "BOBS", "member_card": card })).status, 429);
}

/// `MUSTER_GUESSES=100000` for the long run.
#[test]
fn many_keys_at_many_addresses() {
    let tries: u64 = std::env::var("MUSTER_GUESSES").ok().and_then(|tries| tries.parse().ok()).unwrap_or(3_000);
    let app = TestApp::configured(|config| config.trusted_hops = 1);
    coupon(&app, "LATTE", None);
    let thieves: Vec<Program> = (0..20).map(|_| till(&app, "")).collect();
    let honest = till(&app, "");
    let (told_wrong, told_wait) = (AtomicU64::new(0), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for (lane, thief) in thieves.iter().enumerate() {
            let (told_wrong, told_wait) = (&told_wrong, &told_wait);
            scope.spawn(move || {
                for n in 0..tries / 20 {
                    // all keys at two addresses; one more address for each try would be of no use to one key
                    let answer = from(
                        thief,
                        &format!("10.0.0.{}", lane % 2),
                        "/validations",
                        json!({ "code": format!("X{lane}Y{n}") }),
                    );
                    match answer.refusal() {
                        (404, "code_unknown") => told_wrong.fetch_add(1, Ordering::Relaxed),
                        (429, "too_many_attempts") => told_wait.fetch_add(1, Ordering::Relaxed),
                        other => panic!("{other:?}"),
                    };
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..50 {
                from(&honest, "10.0.1.1", "/validations", json!({ "code": "LATTE" })).done();
            }
        });
    });
    // 10 keys at each of two addresses: the address's limit is reached before all keys' limits are
    assert_eq!(told_wrong.load(Ordering::Relaxed), 1_000);
    assert_eq!(told_wait.load(Ordering::Relaxed), tries / 20 * 20 - 1_000);
    // a new address does not help a key that is worn out: five or so of each ten are
    let worn = thieves
        .iter()
        .filter(|thief| from(thief, "10.9.9.9", "/validations", json!({ "code": "LATTE" })).status == 429);
    assert!(worn.count() >= 2);
}
