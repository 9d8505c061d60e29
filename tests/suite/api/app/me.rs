//! The member's own data.

use serde_json::json;

use crate::api::app_of;
use crate::support::{TestApp, make};

#[test]
fn who_has_it_is_not_sent_it_again() {
    let app = TestApp::start();
    let ann = app_of(&app, make::member(&app, "Ann Able"));
    let first = ann.get("/me");
    assert_eq!((first.status, &first.body["name"]), (200, &json!("Ann Able")));
    assert_eq!(first.header("cache-control"), "private, no-cache");
    let tag = first.header("etag").to_owned();
    let again = ann.send("GET", "/me", &[("If-None-Match", &tag)], None);
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()));

    let changed = ann.patch("/me", json!({ "name": " Ann Adams ", "time_zone": "Europe/Lisbon" })).expect(200);

    assert_eq!((&changed["name"], &changed["time_zone"]), (&json!("Ann Adams"), &json!("Europe/Lisbon")));
    let now = ann.send("GET", "/me", &[("If-None-Match", &tag)], None).expect(200);
    assert_eq!(now, changed);
    assert_eq!(ann.patch("/me", json!({ "name": "" })).refusal(), (422, "invalid"));
    assert_eq!(ann.patch("/me", json!({ "time_zone": "Moon" })).refusal(), (422, "invalid"));
    assert_eq!(ann.patch("/me", json!({ "phone": "1" })).refusal(), (422, "invalid"));
}

#[test]
fn consents_are_kept_with_their_history() {
    let app = TestApp::start();
    let ann = app_of(&app, make::member(&app, "Ann Able"));
    let wanted = json!({ "sms": true, "email": false, "push": false });
    assert_eq!(ann.put("/me/consents", wanted.clone()).expect(200), wanted);
    assert_eq!(ann.get("/me").expect(200)["consents"], wanted);
    let told = "SELECT string_agg(channel || granted || source, ' ' ORDER BY channel) FROM member_consent";
    assert_eq!(make::text(&app, told), "emailfalseapp pushfalseapp");
    assert_eq!(ann.put("/me/consents", json!({ "sms": true })).refusal(), (422, "invalid"));
}

#[test]
fn a_new_contact_is_taken_when_its_code_comes_back() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let ann = app_of(&app, member);
    let change = ann.post("/me/contact-changes", json!({ "contact": "new@example.com" })).expect(202);
    let code = app.sign_in_code(member);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let confirm =
        |code: &str| ann.post("/me/contact-changes/confirmation", json!({ "change": change["change"], "code": code }));
    assert_eq!(confirm(wrong).refusal(), (422, "invalid"));
    assert_eq!(confirm(&code).expect(200)["email"], "new@example.com");
    let made_up = ann.post("/me/contact-changes/confirmation", json!({ "change": "bm8", "code": code }));
    assert_eq!(made_up.refusal(), (422, "invalid"));
}

#[test]
fn a_deleted_account_is_out_everywhere() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let ann = app_of(&app, member);
    ann.delete("/me").expect(204);
    assert_eq!(ann.get("/me").refusal(), (401, "unauthorized"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM app_token"), 0);
    assert_eq!(make::text(&app, &format!("SELECT name FROM member WHERE id = {member}")), "Deleted member");
}

#[test]
fn the_card_is_made_when_it_is_asked_for() {
    let app = TestApp::start();
    let ann = app_of(&app, make::member(&app, "Ann Able"));
    assert_eq!(ann.get("/me/card").expect(200), json!({ "code": null }));
    let made = ann.post("/me/card", json!({})).expect(201);
    assert_eq!(ann.get("/me/card").expect(200), made);
    assert_ne!(ann.post("/me/card", json!({})).expect(201), made);
}

#[test]
fn that_a_member_was_here_is_noted_by_the_hour() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let ann = app_of(&app, member);
    let seen = || {
        make::text(
            &app,
            &format!("SELECT to_char(last_seen_at AT TIME ZONE 'UTC', 'HH24:MI') FROM member WHERE id = {member}"),
        )
    };
    ann.get("/me").expect(200);
    assert_eq!(seen(), "10:00");
    app.clock.advance(chrono::Duration::minutes(59));
    ann.get("/me").expect(200);
    assert_eq!(seen(), "10:00");
}
