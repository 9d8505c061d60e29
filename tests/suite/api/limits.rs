//! How many requests are taken, told in headers.

use chrono::Duration;
use muster::api::Scope;
use serde_json::json;

use super::{Caller, app_of};
use crate::support::{Program, TestApp, make};

#[test]
fn every_answer_tells_how_many_more_are_taken() {
    let app = TestApp::configured(|config| config.api_requests = 30);
    let till = Caller::new(&app, "/api/pos/v1", &Program::new(&app, Scope::Pos, "", "").key);
    let ask = || till.post("/lookups", json!({ "code": "NOPE" }));
    let first = ask();
    assert_eq!(first.header("ratelimit-policy"), "\"requests\";q=30;w=60");
    assert_eq!(first.header("ratelimit"), "\"requests\";r=29;t=60");
    for _ in 0..29 {
        assert_eq!(ask().refusal(), (404, "code_unknown"));
    }
    app.clock.advance(Duration::seconds(20));
    let over = ask();
    assert_eq!((over.refusal(), over.header("retry-after")), ((429, "too_many_requests"), "40"));
    assert_eq!(over.header("ratelimit"), "\"requests\";r=0;t=40");
    // others are not in its way, and it may go on when its window is over
    let other = Caller::new(&app, "/api/pos/v1", &Program::new(&app, Scope::Pos, "", "").key);
    assert_eq!(other.post("/lookups", json!({ "code": "NOPE" })).status, 404);
    app.clock.advance(Duration::seconds(40));
    assert_eq!(ask().status, 404);
}

#[test]
fn a_member_and_an_address_have_a_tenth() {
    let app = TestApp::configured(|config| config.api_requests = 40);
    // two requests of an address sign in; four are taken in all
    let ann = app_of(&app, make::member(&app, "Ann Able"));
    for left in (0..4).rev() {
        assert_eq!(ann.get("/me").header("ratelimit"), format!("\"requests\";r={left};t=60"));
    }
    assert_eq!(ann.get("/me").refusal(), (429, "too_many_requests"));
    let stranger = ann.with("nonsense");
    assert_eq!(stranger.get("/me").refusal(), (401, "unauthorized"));
    assert_eq!(stranger.get("/me").refusal(), (401, "unauthorized"));
    assert_eq!(stranger.get("/me").refusal(), (429, "too_many_requests"));
}
