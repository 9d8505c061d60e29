//! Profile → Notifications on this device, as requests.

use chrono::Duration;

use super::{Device, allow_private};
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const PATH: &str = "/app/notifications";
const FROM: &str = "/app/profile";

fn subscribe(member: &Visitor, device: &Device, more: &[(&str, &str)]) -> u16 {
    let fields = device.fields();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    member.bypass(PATH, &fields, FROM).status
}

fn device(n: usize) -> Device {
    Device::new(format!("https://push.example.com/{n}"))
}

#[test]
fn turning_it_on_is_consent_and_renewing_is_not() {
    let app = TestApp::start();
    let id = make::member(&app, "Ann");
    let ann = app.member(id);
    ann.get(FROM).form("Save changes").untick("Push notifications").send();
    app.clock.advance(Duration::minutes(1));
    let first = device(1);
    assert_eq!(subscribe(&ann, &first, &[]), 303);
    let consents = "SELECT string_agg(channel || granted || source, ' ' ORDER BY at) FROM member_consent";
    assert_eq!(make::text(&app, consents), "pushfalseapp pushtrueapp");
    let page = ann.get(FROM);
    assert!(page.is_ticked("Push notifications") && page.shows("A browser") && page.shows("since 24 Nov 2026"));
    // the same browser again is the same device
    assert_eq!(subscribe(&ann, &first, &[]), 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription"), 1);
    // consent withdrawn: a renewal by the browser keeps the device, and gives no consent
    app.clock.advance(Duration::minutes(1));
    ann.get(FROM).form("Save changes").untick("Push notifications").send();
    assert_eq!(subscribe(&ann, &device(2), &[("renews", first.endpoint.as_str())]), 303);
    assert_eq!(
        make::text(&app, "SELECT string_agg(endpoint, ' ') FROM push_subscription"),
        "https://push.example.com/2"
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE push_consent"), 0);
}

#[test]
fn devices_are_listed_and_removed() {
    let app = TestApp::start();
    let (ann, bob) = (app.member(make::member(&app, "Ann")), app.member(make::member(&app, "Bob")));
    for n in 0..12 {
        app.clock.advance(Duration::seconds(1));
        assert_eq!(subscribe(&ann, &device(n), &[]), 303);
    }
    let left = "SELECT string_agg(substr(endpoint, 26), ' ' ORDER BY id) FROM push_subscription";
    assert_eq!(make::text(&app, left), "2 3 4 5 6 7 8 9 10 11", "ten at most: the oldest go");
    let id = make::text(&app, "SELECT id FROM push_subscription WHERE endpoint LIKE '%/5'");
    assert_eq!(bob.bypass("/app/notifications/removal", &[("id", &id)], FROM).status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription"), 10, "not Bob’s to remove");
    let page = ann.bypass("/app/notifications/removal", &[("id", &id)], FROM).follow(&ann);
    assert!(page.shows("This device gets no more notifications."));
    ann.bypass("/app/notifications/removal", &[("endpoint", "https://push.example.com/6")], FROM);
    assert_eq!(make::text(&app, left), "2 3 4 7 8 9 10 11");
    for nothing in ["", "a\0b", "https://push.example.com/99"] {
        assert_eq!(ann.bypass("/app/notifications/removal", &[("endpoint", nothing)], FROM).status, 303);
    }
    // the same browser with another member signed in
    assert_eq!(subscribe(&bob, &device(7), &[]), 303);
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM push_subscription JOIN member ON member.id = member_id WHERE name = 'Bob'"
        ),
        1
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription"), 8);
}

#[test]
fn what_is_no_subscription_is_refused() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    for endpoint in [
        "",
        "x",
        "http://push.example.com/a",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://[::1]/",
    ] {
        assert_eq!(subscribe(&ann, &Device::new(endpoint), &[]), 400, "{endpoint}");
    }
    let good = device(1).fields().map(|(name, value)| (name, value));
    for (field, wrong) in
        [("p256dh", ""), ("p256dh", "AAAA"), ("auth", "AAAA"), ("auth", "not base64!"), ("p256dh", &"BA".repeat(43))]
    {
        let fields: Vec<(&str, &str)> =
            good.iter().map(|(name, value)| (*name, if *name == field { wrong } else { value.as_str() })).collect();
        assert_eq!(ann.bypass(PATH, &fields, FROM).status, 400, "{field} {wrong}");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM push_subscription"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_consent"), 0);
    assert_eq!(ann.post(PATH, &[]).status, 403, "not without the form’s token");
    allow_private(&app);
    assert_eq!(subscribe(&ann, &Device::new("http://127.0.0.1:9/"), &[]), 303);
    for n in 0..29 {
        assert_eq!(subscribe(&ann, &device(n), &[]), 303, "{n}");
    }
    assert_eq!(subscribe(&ann, &device(30), &[]), 429);
}

#[test]
fn scripts_get_what_they_need() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let told = ann.get(PATH);
    let told: serde_json::Value = serde_json::from_str(&told.html).unwrap();
    assert_eq!(told["csrf"], ann.get(FROM).hidden("csrf"));
    assert_eq!(told["publicKey"].as_str().unwrap().len(), 87);
    assert_eq!(app.visitor().get(PATH).status, 303, "members only");
    let worker = app.visitor().get("/app/service-worker.js");
    assert_eq!(worker.status, 200);
    assert_eq!(worker.header("cache-control"), Some("no-cache"));
    assert!(worker.header("content-type").unwrap().starts_with("text/javascript"));
    assert!(worker.header("content-security-policy").unwrap().contains("worker-src 'self'"));
    assert!(ann.get(FROM).shows("needs JavaScript"));
}
