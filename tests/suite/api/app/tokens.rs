//! Signing in, refreshing, signing out.

use chrono::Duration;
use serde_json::{Value, json};

use crate::api::app_of;
use crate::api::caller::Caller;
use crate::support::{TestApp, make};

fn signed_in(app: &TestApp) -> (Caller, Value) {
    let member = make::member(app, "Ann Able");
    let stranger = Caller::new(app, "/api/app/v1", "");
    let contact = make::text(app, &format!("SELECT phone FROM member WHERE id = {member}"));
    stranger.post("/sign-in-codes", json!({ "contact": contact })).expect(202);
    let code = app.sign_in_code(member);
    let tokens = stranger.post("/sign-ins", json!({ "contact": contact, "code": code })).expect(201);
    (stranger, tokens)
}

fn works(stranger: &Caller, tokens: &Value) -> bool {
    stranger.with(tokens["access_token"].as_str().unwrap()).get("/me").status == 200
}

#[test]
fn a_code_becomes_tokens_once() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let stranger = Caller::new(&app, "/api/app/v1", "");
    let told = stranger.post("/sign-in-codes", json!({ "contact": "0151 70000001" })).expect(202);
    assert_eq!(told, json!({ "contact": "+4915170000001", "expires_in": 600 }));
    // nobody learns whose contact it is
    let nobody = stranger.post("/sign-in-codes", json!({ "contact": "0151 70999999" })).expect(202);
    assert_eq!(nobody["expires_in"], 600);
    let code = app.sign_in_code(member);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let enter = |code: &str| stranger.post("/sign-ins", json!({ "contact": "+4915170000001", "code": code }));

    assert_eq!(enter(wrong).refusal(), (422, "sign_in_code_wrong"));
    let tokens = enter(&code).expect(201);

    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert!(works(&stranger, &tokens));
    assert_eq!(enter(&code).refusal(), (422, "sign_in_code_wrong"));
    assert_eq!(stranger.post("/sign-ins", json!({ "contact": "x", "code": "1" })).refusal(), (422, "invalid"));
    let stored = make::text(&app, "SELECT string_agg(app_token::text, ' ') FROM app_token");
    assert!(!stored.contains(tokens["access_token"].as_str().unwrap()));
}

#[test]
fn too_many_tries_wait() {
    let app = TestApp::start();
    let stranger = Caller::new(&app, "/api/app/v1", "");
    let ask = || stranger.post("/sign-in-codes", json!({ "contact": "+4915170000001" }));
    for _ in 0..5 {
        ask().expect(202);
    }
    let over = ask();
    assert_eq!(over.refusal(), (429, "too_many_requests"));
    assert_eq!(over.header("retry-after"), "900");
}

#[test]
fn a_token_ends_after_an_hour_and_is_refreshed() {
    let app = TestApp::start();
    let (stranger, first) = signed_in(&app);
    let refresh =
        |tokens: &Value| stranger.post("/sign-ins/refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    app.clock.advance(Duration::hours(1));
    assert!(!works(&stranger, &first));
    assert_eq!(stranger.with(first["access_token"].as_str().unwrap()).get("/me").refusal(), (401, "unauthorized"));

    let second = refresh(&first).expect(200);

    assert!(works(&stranger, &second) && second["refresh_token"] != first["refresh_token"]);
    // the answer was lost: the same request gets the same pair
    app.clock.advance(Duration::seconds(30));
    let again = refresh(&first).expect(200);
    assert_eq!((&again["access_token"], &again["refresh_token"]), (&second["access_token"], &second["refresh_token"]));
    let third = refresh(&second).expect(200);
    assert!(works(&stranger, &third) && !works(&stranger, &second));
    app.clock.advance(Duration::days(91));
    assert_eq!(refresh(&third).refusal(), (401, "refresh_token_unknown"));
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM app_token"), 0);
}

#[test]
fn a_refresh_token_that_comes_back_ends_the_sign_in() {
    let app = TestApp::start();
    let (stranger, first) = signed_in(&app);
    let refresh =
        |tokens: &Value| stranger.post("/sign-ins/refresh", json!({ "refresh_token": tokens["refresh_token"] }));
    let second = refresh(&first).expect(200);
    let third = refresh(&second).expect(200);
    assert!(works(&stranger, &third));

    // not the last but the one before that
    assert_eq!(refresh(&first).refusal(), (401, "refresh_token_reused"));

    assert!(!works(&stranger, &third));
    assert_eq!(refresh(&third).refusal(), (401, "refresh_token_unknown"));
    for wrong in ["", "mr_", "mr_ä", "ma_x", &"x".repeat(100)] {
        let answer = stranger.post("/sign-ins/refresh", json!({ "refresh_token": wrong }));
        assert_eq!(answer.refusal(), (401, "refresh_token_unknown"), "{wrong}");
    }
}

#[test]
fn one_device_signs_out_and_another_stays() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let (phone, tablet) = (app_of(&app, member), app_of(&app, member));
    phone.delete("/sign-ins/current").expect(204);
    assert_eq!(phone.get("/me").refusal(), (401, "unauthorized"));
    tablet.get("/me").expect(200);
}

#[test]
fn twenty_devices_are_kept() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    for _ in 0..22 {
        let conn = &mut app.conn();
        muster::api::app::token::begin(conn, member, "", app.now()).unwrap();
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM app_token"), 20);
}
