//! Every rule of a code at a till, with its status and stable code; the first that fails answers.

use chrono::Duration;
use serde_json::json;

use super::{assert_books_balance, card_of, coupon, personal, till};
use crate::support::{Program, TestApp, make};

/// All three ways refuse alike.
fn refused(harbour: &Program, code: &str) -> (u16, String, String) {
    let answers = [
        harbour.post("/lookups", json!({ "code": code })),
        harbour.post("/reservations", json!({ "codes": [code] })),
        harbour.post("/validations", json!({ "code": code })),
    ];
    let told = answers
        .map(|answer| (answer.status, answer.code().to_owned(), answer.body["detail"].as_str().unwrap().to_owned()));
    assert_eq!(told[0], told[1]);
    assert_eq!(told[1], told[2]);
    told[0].clone()
}

#[test]
fn a_campaign_that_is_not_live() {
    let app = TestApp::start();
    let harbour = till(&app, "");
    let now = app.now();
    let day = Duration::days(1);
    make::campaign(&app, "Draft", "code").one_code("DRAFT", None).draft().make();
    make::campaign(&app, "Soon", "code").one_code("SOON", None).between(now + day, now + day * 2).make();
    make::campaign(&app, "Over", "code").one_code("OVER", None).between(now - day * 2, now).make();
    let paused = coupon(&app, "PAUSED", None);
    let cancelled = coupon(&app, "CANCELLED", None);
    let morning = coupon(&app, "MORNING", None);
    let monday = coupon(&app, "MONDAY", None);
    make::run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {paused}"));
    make::run(&app, &format!("UPDATE campaign SET cancelled_at = now() WHERE id = {cancelled}"));
    make::run(&app, &format!("UPDATE campaign SET valid_from = '06:00', valid_until = '10:00' WHERE id = {morning}"));
    make::run(&app, &format!("UPDATE campaign SET weekdays = 1 WHERE id = {monday}"));
    for (code, sentence) in [
        ("DRAFT", "This code does not work yet. Try again later."),
        ("SOON", "This code works from 25 Nov 2026, 11:00."),
        ("OVER", "This code worked until 24 Nov 2026, 11:00. It cannot be used any more."),
        ("PAUSED", "This code is paused at the moment. Try again later."),
        ("CANCELLED", "This code was withdrawn and cannot be used any more."),
        ("MORNING", "This code works every day, 06:00–10:00. Try again from 25 Nov 2026, 06:00."),
        ("MONDAY", "This code works Monday. Try again from 30 Nov 2026, 00:00."),
    ] {
        assert_eq!(refused(&harbour, code), (409, "campaign_not_active".into(), sentence.into()), "{code}");
    }
    app.clock.advance(Duration::days(6) - Duration::hours(2));
    harbour.post("/validations", json!({ "code": "MONDAY" })).done();
    harbour.post("/validations", json!({ "code": "MORNING" })).done();
    assert_books_balance(&app);
}

#[test]
fn a_code_that_nobody_knows() {
    let app = TestApp::start();
    let harbour = till(&app, "");
    for code in ["NOPE", "ÄÖ", "x y z !", "0"] {
        let (status, problem, _) = refused(&harbour, code);
        assert_eq!((status, problem.as_str()), (404, "code_unknown"), "{code}");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM till_attempt WHERE outcome = 'code_unknown'"), 12);
    assert_eq!(make::count(&app, "SELECT count(*) FROM till_attempt WHERE text = 'x y z !'"), 3, "as it was typed");
}

#[test]
fn a_personal_coupon_that_is_no_longer_the_member_s() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let harbour = till(&app, "");
    personal(&app, "Withdrawn", "WITHDRAWN", ann);
    make::run(&app, "UPDATE delivery SET withdrawn_at = now()");
    let told = |status, code: &str, sentence: &str| (status, code.to_owned(), sentence.to_owned());
    assert_eq!(refused(&harbour, "WITHDRAWN"), told(409, "not_a_receiver", "This member’s coupon was withdrawn."));
    personal(&app, "Expired", "EXPIRED", ann);
    make::run(&app, "UPDATE delivery SET expires_at = timestamptz '2026-11-24 10:00Z' WHERE code = 'EXPIRED'");
    assert_eq!(
        refused(&harbour, "EXPIRED"),
        told(409, "campaign_not_active", "This member’s coupon was valid until 24 Nov 2026, 11:00.")
    );
    personal(&app, "Good", "GOOD", ann);
    make::run(&app, "UPDATE member SET blocked_at = now(), blocked_reason = 'x'");
    assert_eq!(refused(&harbour, "GOOD"), told(409, "not_a_receiver", "This member is blocked."));
}

#[test]
fn a_code_of_another_member() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    personal(&app, "Anns", "ANNS", ann);
    let harbour = till(&app, "");
    let card = card_of(&app, bob);
    let refused = harbour.post("/validations", json!({ "code": "ANNS", "member_card": card }));
    assert_eq!(refused.refusal(), (409, "not_a_receiver"));
    assert_eq!(refused.body["detail"], "This code belongs to another member.");
    let refused = harbour.post("/reservations", json!({ "codes": ["ANNS"], "member_card": "AAAABBBBCCCCDDDD" }));
    assert_eq!(refused.refusal(), (404, "member_card_unknown"));
    let card = card_of(&app, ann);
    harbour.post("/validations", json!({ "code": "ANNS", "member_card": card })).done();
    assert_books_balance(&app);
}

#[test]
fn receivers_of_a_code_coupon() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    let regulars = make::group(&app, "Regulars").make();
    make::stay(&app, regulars, &[ann]);
    make::campaign(&app, "Some", "code").one_code("SOME", None).include(regulars).make();
    let harbour = till(&app, "");
    let use_it = |card: Option<String>| harbour.post("/validations", json!({ "code": "SOME", "member_card": card }));
    assert_eq!(use_it(Some(card_of(&app, bob))).refusal(), (409, "not_a_receiver"));
    assert_eq!(use_it(Some(card_of(&app, ann))).done()["coupon"]["member"]["name"], "Ann");
    // on paper it is for whoever holds the paper, where nobody says who that is
    assert_eq!(use_it(None).done()["coupon"]["member"], json!(null));
    assert_eq!(make::count(&app, "SELECT count(*) FROM validation WHERE member_id IS NULL"), 1);
}

#[test]
fn uses_in_all_and_for_each_member() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    make::campaign(&app, "Twice", "code").one_code("TWICE", Some(3)).per_member(2).make();
    let harbour = till(&app, "");
    let [anns, bobs] = [ann, bob].map(|member| card_of(&app, member));
    let use_it = |card: &str| harbour.post("/validations", json!({ "code": "TWICE", "member_card": card }));
    use_it(&anns).done();
    // what is held counts too
    harbour.post("/reservations", json!({ "codes": ["TWICE"], "member_card": anns })).done();
    let refused = use_it(&anns);
    assert_eq!(refused.refusal(), (409, "code_used_up"));
    assert_eq!(refused.body["detail"], "This member has used it as often as each member may.");
    use_it(&bobs).done();
    let refused = use_it(&bobs);
    assert_eq!(refused.body["detail"], "This code has been used up.");
    app.clock.advance(Duration::minutes(15));
    use_it(&anns).done();
    assert_eq!(use_it(&bobs).refusal(), (409, "code_used_up"));
    assert_books_balance(&app);
}

/// What a till holds for a member is no longer there for the app.
#[test]
fn a_use_that_a_till_holds_is_not_free_in_the_app() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    make::campaign(&app, "Once", "code").one_code("ONCE", None).make();
    let (harbour, card, phone) = (till(&app, ""), card_of(&app, ann), app.member(ann));
    let held = harbour.post("/reservations", json!({ "codes": ["ONCE"], "member_card": card }));
    let enter = || phone.get("/app/code").form("Use code").fill("Code", "ONCE").send();
    assert!(enter().error_on("Code").contains("You have used this code already"));
    harbour.post(&format!("/reservations/{}/cancellation", held.done()["id"].as_str().unwrap()), json!({})).done();
    assert_eq!(enter().status, 303);
    assert_books_balance(&app);
}

#[test]
fn what_stops_a_reservation_that_is_held() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let harbour = till(&app, "");
    let reserve = |code: &str| {
        let held = harbour.post("/reservations", json!({ "codes": [code] }));
        format!("/reservations/{}/validation", held.done()["id"].as_str().unwrap())
    };
    let ends = make::campaign(&app, "Ends", "code").one_code("ENDS", None);
    ends.between(app.now() - Duration::days(1), app.now() + Duration::minutes(5)).make();
    let (paused, _) = (coupon(&app, "PAUSED", None), personal(&app, "Withdrawn", "WITHDRAWN", ann));
    let [ends, held, withdrawn] = ["ENDS", "PAUSED", "WITHDRAWN"].map(reserve);
    app.clock.advance(Duration::minutes(10));
    // it was promised before the end
    harbour.post(&ends, json!({})).done();
    make::run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {paused}"));
    assert_eq!(harbour.post(&held, json!({})).refusal(), (409, "campaign_not_active"));
    make::run(&app, &format!("UPDATE campaign SET cancelled_at = now() WHERE id = {paused}"));
    assert_eq!(harbour.post(&held, json!({})).refusal(), (409, "campaign_not_active"));
    make::run(&app, "UPDATE delivery SET withdrawn_at = now()");
    assert_eq!(harbour.post(&withdrawn, json!({})).refusal(), (409, "not_a_receiver"));
    assert_books_balance(&app);
}

#[test]
fn values_that_are_wrong_are_named() {
    let app = TestApp::start();
    let harbour = till(&app, "");
    let many: Vec<String> = (0..21).map(|n| format!("CODE{n}")).collect();
    for (path, body, field) in [
        ("/lookups", json!({}), ""),
        ("/lookups", json!({ "code": "" }), "code"),
        ("/lookups", json!({ "code": 5 }), "code"),
        ("/lookups", json!({ "code": "A", "extra": 1 }), "extra"),
        ("/lookups", json!({ "code": "A", "till": "x".repeat(81) }), "till"),
        ("/validations", json!({ "code": "A".repeat(201) }), "code"),
        ("/validations", json!({ "code": "A", "member_card": " " }), "member_card"),
        ("/reservations", json!({ "codes": [] }), "codes"),
        ("/reservations", json!({ "codes": many }), "codes"),
        ("/reservations", json!({ "codes": ["latte", "LAT-TE"] }), "codes/1"),
        ("/reservations", json!({ "codes": ["latte", ""] }), "codes/1"),
    ] {
        let answer = harbour.post(path, body.clone());
        assert_eq!(answer.refusal(), (422, "invalid"), "{body}");
        if !field.is_empty() {
            assert_eq!(answer.body["errors"][0]["field"], field, "{body}");
        }
    }
    for body in ["{", "[", "\"\\u0000\"", "{\"code\":\"a\\u0000\"}", ""] {
        let answer = harbour.try_send("POST", "/lookups", &[], Some(body)).unwrap();
        assert_eq!(answer.refusal(), (400, "bad_request"), "{body}");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM till_attempt"), 0);
}
