//! Codes that are typed in, coupons that are held.

use serde_json::json;

use crate::api::app_of;
use crate::support::{TestApp, make};

#[test]
fn a_code_is_used_once_however_often_the_request_is_sent() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    let campaign = make::campaign(&app, "Barista course", "code").one_code("BARISTA", Some(2)).make();
    let group = make::group(&app, "Baristas").by_code(campaign).make();
    let ann = app_of(&app, member);
    let send = |code: &str, once: &str| {
        ann.send("POST", "/codes", &[("Idempotency-Key", once)], Some(json!({ "code": code }).to_string()))
    };

    let used = send("bari-sta", "one").expect(200);

    assert_eq!(used["outcome"], "used");
    assert_eq!(used["group"], json!({ "id": group.0, "name": "Baristas" }));
    assert_eq!(used["campaign"]["id"], campaign.0);
    assert_eq!(send("bari-sta", "one").expect(200), used);
    assert_eq!(send("BARISTA", "one").refusal(), (422, "idempotency_key_reused"));
    let again = send("BARISTA", "two").expect(200);
    assert_eq!((&again["outcome"], &again["campaign"]), (&json!("already_member"), &json!(null)));
    assert_eq!(make::count(&app, "SELECT uses_taken FROM code"), 1);
    assert!(ann.get("/groups").expect(200)["groups"][0]["is_member"].as_bool().unwrap());
}

#[test]
fn refusals_have_their_codes() {
    let app = TestApp::start();
    let ann = app_of(&app, make::member(&app, "Ann Able"));
    make::campaign(&app, "For tills", "code").one_code("TILLONLY", None).in_app(false).make();
    make::campaign(&app, "Draft", "code").one_code("DRAFT22", None).draft().make();
    make::campaign(&app, "Used", "code").one_code("USEDUP", Some(1)).make();
    make::run(&app, "UPDATE code SET uses_taken = 1 WHERE text = 'USEDUP'");
    let enter = |code: &str| ann.post("/codes", json!({ "code": code }));
    assert_eq!(enter("TILLONLY").refusal(), (409, "in_app_validation_not_allowed"));
    assert_eq!(enter("DRAFT22").refusal(), (409, "campaign_not_active"));
    assert_eq!(enter("USEDUP").refusal(), (409, "code_used_up"));
    assert_eq!(enter(" ").refusal(), (422, "invalid"));
    for _ in 0..10 {
        assert_eq!(enter("NOSUCH").refusal(), (404, "code_unknown"));
    }
    let over = enter("NOSUCH");
    assert_eq!(over.refusal(), (429, "too_many_attempts"));
    assert_eq!(over.header("retry-after"), "600");
}

#[test]
fn coupons_are_listed_page_by_page_shown_and_seen() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Able");
    for name in ["One", "Two", "Three"] {
        make::campaign(&app, name, "app").make();
    }
    app.issue();
    let ann = app_of(&app, member);

    let first = ann.get("/coupons?limit=2").expect(200);
    let rest = ann.get(&format!("/coupons?limit=2&after={}", first["next"])).expect(200);

    let count = |page: &serde_json::Value| page["coupons"].as_array().unwrap().len();
    assert_eq!((count(&first), count(&rest), &rest["next"]), (2, 1, &json!(null)));
    let coupon = &first["coupons"][0];
    assert_eq!(
        (&coupon["title"], &coupon["state"], &coupon["seen"]),
        (&json!("One title"), &json!("valid"), &json!(false))
    );
    assert_eq!(coupon["code"]["barcode"], "qr");
    let path = format!("/coupons/{}", coupon["campaign"]);
    assert_eq!(&ann.get(&path).expect(200), coupon);
    ann.put(&format!("{path}/seen"), json!({})).expect(204);
    ann.put(&format!("{path}/seen"), json!({})).expect(204);
    assert_eq!(ann.get(&path).expect(200)["seen"], true);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE seen_at IS NOT NULL"), 1);
    for wrong in ["/coupons?limit=0", "/coupons?limit=201", "/coupons?limit=x", "/coupons?page=1"] {
        assert_eq!(ann.get(wrong).refusal(), (400, "bad_request"), "{wrong}");
    }
    assert_eq!(ann.get("/coupons/999").refusal(), (404, "not_found"));
    // another member has no part of it
    let bob = app_of(&app, make::member(&app, "Bob Baker"));
    assert_eq!(bob.get(&path).refusal(), (404, "not_found"));
}
