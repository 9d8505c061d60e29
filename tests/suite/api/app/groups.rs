//! Groups in the app.

use chrono::Duration;
use serde_json::json;

use crate::api::app_of;
use crate::support::{TestApp, make};

#[test]
fn each_says_what_the_member_may_do() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let public = make::group(&app, "Coffee Club").order(1).make();
    let campaign = make::campaign(&app, "Barista course", "code").one_code("BARISTA", None).make();
    let private = make::group(&app, "Baristas").order(2).by_code(campaign).make();
    make::group(&app, "Hidden").hidden().make();
    make::group(&app, "Later").between(app.now() + Duration::days(1), None).make();
    let ann = app_of(&app, member);

    let groups = ann.get("/groups").expect(200)["groups"].clone();

    let told: Vec<_> = groups
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_i64().unwrap(), one["may"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [(public.0, "toggle"), (private.0, "code")]);
    assert_eq!(ann.put(&format!("/groups/{private}/membership"), json!({})).refusal(), (409, "code_needed"));
    let joined = ann.put(&format!("/groups/{public}/membership"), json!({})).expect(200);
    assert_eq!((&joined["is_member"], &joined["name"]), (&json!(true), &json!("Coffee Club")));
    ann.put(&format!("/groups/{public}/membership"), json!({})).expect(200);
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership"), 1);
    ann.delete(&format!("/groups/{public}/membership")).expect(204);
    ann.delete(&format!("/groups/{public}/membership")).expect(204);
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership WHERE left_at IS NULL"), 0);
    make::run(&app, &format!("UPDATE member SET blocked_at = now(), blocked_reason = 'x' WHERE id = {member}"));
    assert_eq!(ann.get("/groups").expect(200)["groups"][0]["may"], "none");
    assert_eq!(ann.put(&format!("/groups/{public}/membership"), json!({})).refusal(), (409, "not_a_receiver"));
    for nowhere in ["/groups/999/membership", "/groups/x/membership"] {
        assert_eq!(ann.put(nowhere, json!({})).refusal(), (404, "not_found"));
    }
    app.clock.advance(Duration::minutes(1));
    make::run(&app, &format!("UPDATE member_group SET stops_at = '2026-11-24 10:00:30Z' WHERE id = {public}"));
    assert_eq!(ann.delete(&format!("/groups/{public}/membership")).refusal(), (409, "group_not_active"));
}

#[test]
fn who_joins_gets_what_is_for_the_group_at_once() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let group = make::group(&app, "Coffee Club").make();
    let campaign = make::campaign(&app, "Free coffee", "app").include(group).make();
    app.issue();
    let ann = app_of(&app, member);
    assert_eq!(ann.get("/coupons").expect(200)["coupons"], json!([]));

    ann.put(&format!("/groups/{group}/membership"), json!({})).expect(200);

    let coupons = ann.get("/coupons").expect(200);
    assert_eq!(coupons["coupons"][0]["campaign"], campaign.0);
    ann.delete(&format!("/groups/{group}/membership")).expect(204);
    assert_eq!(ann.get("/coupons").expect(200)["coupons"], json!([]));
}
