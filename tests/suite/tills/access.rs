//! Who may call, and what is told to others: problem documents, whatever is asked.

use chrono::Duration;
use muster::api::Scope;
use serde_json::json;

use super::{coupon, till};
use crate::support::{Program, TestApp, make};

const CALLS: [(&str, &str); 7] = [
    ("POST", "/lookups"),
    ("POST", "/reservations"),
    ("GET", "/reservations/0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f"),
    ("POST", "/reservations/0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f/validation"),
    ("POST", "/reservations/0192f5c0-7a3b-7c4d-9e5f-0a1b2c3d4e5f/cancellation"),
    ("POST", "/validations"),
    ("POST", "/validations/1/reversal"),
];

#[test]
fn only_with_a_key_for_tills() {
    let app = TestApp::start();
    let [harbour, revoked] = [till(&app, ""), till(&app, "")];
    make::run(&app, &format!("UPDATE api_key SET revoked_at = now() WHERE id = {}", revoked.key_id));
    let office = Program::new(&app, Scope::Office, "", "/api/pos/v1");
    for (method, path) in CALLS {
        let send = |key: &str| {
            let answer = harbour.try_send(method, path, &[("Authorization", key)], (method == "POST").then_some("{}"));
            let answer = answer.unwrap();
            (answer.status, answer.code().to_owned())
        };
        for key in ["", "Bearer", "Bearer x", "Basic x", &format!("Bearer {}", revoked.key)] {
            assert_eq!(send(key), (401, "unauthorized".into()), "{method} {path} {key}");
        }
        assert_eq!(send(&format!("Bearer {}", office.key)), (403, "forbidden".into()), "{method} {path}");
    }
    assert_eq!(harbour.get("/nowhere").refusal(), (404, "not_found"));
    assert_eq!(harbour.get("/reservations/7").refusal(), (404, "not_found"));
    assert_eq!(harbour.post("/validations/x/reversal", json!({})).refusal(), (404, "not_found"));
    for (method, path) in CALLS {
        let wrong = if method == "POST" { "GET" } else { "PUT" };
        let answer = harbour.try_send(wrong, path, &[], None).unwrap();
        assert_eq!(answer.refusal(), (405, "wrong_method"), "{wrong} {path}");
    }
    let answer = harbour.try_send("POST", "/lookups", &[("Content-Type", "text/plain")], Some("{}")).unwrap();
    assert_eq!(answer.refusal(), (400, "bad_request"));
    let long = format!("{{\"code\": \"{}\"}}", "A".repeat(300 * 1024));
    assert_eq!(harbour.try_send("POST", "/lookups", &[], Some(&long)).unwrap().refusal(), (413, "too_large"));
}

#[test]
fn what_another_key_did_is_not_there() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    let [alone, other, first, second, elsewhere] =
        ["", "", "Harbour Street", "harbour street", "Airport"].map(|shop| till(&app, shop));
    let see = |owner: &Program, reader: &Program| {
        let held = owner.post("/reservations", json!({ "codes": ["LATTE"] }));
        let path = format!("/reservations/{}", held.done()["id"].as_str().unwrap());
        let used = owner.post("/validations", json!({ "code": "LATTE" }));
        let reversal = format!("/validations/{}/reversal", used.done()["id"]);
        [
            reader.get(&path).status,
            reader.post(&reversal, json!({})).status,
            reader.post(&format!("{path}/validation"), json!({})).status,
            reader.post(&format!("{path}/cancellation"), json!({})).status,
        ]
    };
    assert_eq!(see(&alone, &alone), [200, 200, 201, 409]);
    assert_eq!(see(&alone, &other), [404; 4]);
    // tills of one shop finish each other's sales
    assert_eq!(see(&first, &second), [200, 200, 201, 409]);
    assert_eq!(see(&first, &elsewhere), [404; 4]);
    assert_eq!(see(&first, &alone), [404; 4]);
}

#[test]
fn when_a_key_was_used_is_noted_to_the_minute() {
    let app = TestApp::start();
    let harbour = till(&app, "");
    let noted = || {
        make::text(
            &app,
            "SELECT to_char(last_used_at AT TIME ZONE 'UTC', 'HH24:MI') || ' ' || last_used_from FROM api_key",
        )
    };
    harbour.get("/nowhere");
    assert_eq!(noted(), "10:00 127.0.0.1");
    app.clock.advance(Duration::seconds(50));
    harbour.get("/nowhere");
    app.clock.advance(Duration::minutes(2));
    harbour.get("/nowhere");
    assert_eq!(noted(), "10:02 127.0.0.1");
}
