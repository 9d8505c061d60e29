//! Look up, reserve, validate, cancel, reverse: what each does and answers.

use chrono::Duration;
use serde_json::json;

use super::{assert_books_balance, card_of, coupon, personal, till};
use crate::support::{TestApp, make};

#[test]
fn a_lookup_tells_all_that_a_till_needs() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann Able");
    let campaign = personal(&app, "Winter", "WINTER23", ann);
    make::run(
        &app,
        &format!(
            "UPDATE campaign SET offer = 'percent_off', percent = 1250, products = '{{4006381333931}}', minimum_basket = 1500,
               pos_promotion_id = 'PROMO-17', tender_id = 'T-4', rebate_handling = 'before tax', validations_per_member = 3
             WHERE id = {campaign}"
        ),
    );
    let found = till(&app, "Harbour").post("/lookups", json!({ "code": "winter-23", "till": "Till 3" }));
    let member = json!({ "number": make::count(&app, "SELECT number FROM member"), "name": "Ann Able" });
    assert_eq!(
        found.done(),
        &json!({
            "member": member,
            "coupons": [{
                "code": "WINTER23",
                "campaign": { "id": campaign, "name": "Winter", "title": "Winter title" },
                "offer": { "kind": "percent_off", "text": "12.5 % off", "amount": null, "percent": 12.5, "buy": null, "get": null },
                "products": ["4006381333931"],
                "minimum_basket": { "minor": 1500, "currency": "EUR" },
                "pos_promotion_id": "PROMO-17", "tender_id": "T-4", "rebate_handling": "before tax",
                "remaining": { "in_all": 1, "for_member": 3 },
                "valid_until": "2026-12-24T10:00:00Z",
                "member": member,
            }],
        })
    );
    let noted = "SELECT act || ' ' || text || ' ' || outcome || ' ' || till FROM till_attempt";
    assert_eq!(make::text(&app, noted), "look_up WINTER23 ok Till 3");
}

#[test]
fn a_card_finds_what_may_be_used_now() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    let first = personal(&app, "First", "FIRST234", ann);
    let paused = personal(&app, "Paused", "PAUSED23", ann);
    personal(&app, "Used", "USED2345", ann);
    personal(&app, "Bobs", "BOBS2345", bob);
    let shared = make::campaign(&app, "Shared", "app").one_code("SHARED", None).make();
    make::run(
        &app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, code, expires_at) VALUES ({ann}, {shared}, now(), 'SHARED', timestamptz '2026-11-25 10:00Z')"
        ),
    );
    make::run(&app, &format!("UPDATE campaign SET paused_at = now() WHERE id = {paused}"));
    let harbour = till(&app, "");
    harbour.post("/validations", json!({ "code": "USED2345" })).done();
    let card = card_of(&app, ann);

    let found = harbour.post("/lookups", json!({ "code": card.to_lowercase() }));

    let codes: Vec<&str> =
        found.done()["coupons"].as_array().unwrap().iter().map(|coupon| coupon["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["SHARED", "FIRST234"], "those that end first come first");
    assert_eq!(found.body["member"]["name"], "Ann");
    assert_eq!(found.body["coupons"][1]["campaign"]["id"], json!(first));
    assert_eq!(make::count(&app, &format!("SELECT count(*) FROM till_attempt WHERE text LIKE '%{card}%'")), 0);
    make::run(&app, "UPDATE member SET blocked_at = now(), blocked_reason = 'x' WHERE name = 'Ann'");
    assert_eq!(harbour.post("/lookups", json!({ "code": card })).refusal(), (409, "not_a_receiver"));
}

#[test]
fn a_basket_is_reserved_and_validated_as_one() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    personal(&app, "Winter", "WINTER23", ann);
    coupon(&app, "LATTE", Some(5));
    let harbour = till(&app, "");

    let held = harbour.post("/reservations", json!({ "codes": ["winter-23", "latte"], "till": "Till 3" }));

    assert_eq!((held.status, &held.body["state"], &held.body["till"]), (201, &json!("open"), &json!("Till 3")));
    assert_eq!(held.body["ends_at"], "2026-11-24T10:15:00Z");
    assert_eq!(held.body["coupons"][0]["code"], "WINTER23");
    assert_eq!(held.body["coupons"][0]["remaining"], json!({ "in_all": 0, "for_member": 0 }));
    assert_eq!(held.body["coupons"][1]["remaining"], json!({ "in_all": 4, "for_member": null }));
    assert_eq!(held.body["validations"], json!([]));
    let path = format!("/reservations/{}", held.body["id"].as_str().unwrap());
    assert_eq!(harbour.get(&path).done()["state"], "open");
    assert_books_balance(&app);

    let used = harbour.post(&format!("{path}/validation"), json!({}));

    assert_eq!((used.status, &used.body["state"]), (201, &json!("validated")));
    assert_eq!(used.body["validations"].as_array().unwrap().len(), 2);
    assert_eq!(harbour.get(&path).done()["validations"], used.body["validations"]);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'validated'"), 1);
    assert_books_balance(&app);
    assert_eq!(harbour.post(&format!("{path}/validation"), json!({})).refusal(), (409, "reservation_validated"));
    assert_eq!(harbour.post(&format!("{path}/cancellation"), json!({})).refusal(), (409, "reservation_validated"));
}

#[test]
fn where_one_code_is_refused_none_is_held() {
    let app = TestApp::start();
    coupon(&app, "LATTE", Some(5));
    coupon(&app, "AMERICANO", Some(1));
    let harbour = till(&app, "");
    harbour.post("/validations", json!({ "code": "AMERICANO" })).done();

    let refused = harbour.post("/reservations", json!({ "codes": ["LATTE", "AMERICANO"] }));

    assert_eq!(refused.refusal(), (409, "code_used_up"));
    assert_eq!(refused.body["errors"][0]["field"], "codes/1");
    assert_eq!(make::count(&app, "SELECT uses_taken FROM code WHERE text = 'LATTE'"), 0);
    assert_books_balance(&app);
    let noted =
        "SELECT count(*) FROM till_attempt WHERE act = 'reserve' AND text = 'AMERICANO' AND outcome = 'code_used_up'";
    assert_eq!(make::count(&app, noted), 1);
}

#[test]
fn a_cancelled_reservation_gives_back_at_once() {
    let app = TestApp::start();
    coupon(&app, "LATTE", Some(1));
    let harbour = till(&app, "");
    let held = harbour.post("/reservations", json!({ "codes": ["LATTE"] }));
    let path = format!("/reservations/{}", held.done()["id"].as_str().unwrap());
    assert_eq!(harbour.post("/validations", json!({ "code": "LATTE" })).refusal(), (409, "code_used_up"));

    // the body may be left out
    let cancelled = harbour.try_send("POST", &format!("{path}/cancellation"), &[], None).unwrap();

    assert_eq!((cancelled.status, &cancelled.body["state"]), (200, &json!("cancelled")));
    assert_eq!(cancelled.body["coupons"][0]["remaining"]["in_all"], 1);
    assert_books_balance(&app);
    assert_eq!(harbour.post(&format!("{path}/cancellation"), json!({})).done()["state"], "cancelled");
    assert_eq!(harbour.post(&format!("{path}/validation"), json!({})).refusal(), (409, "reservation_cancelled"));
    harbour.post("/validations", json!({ "code": "LATTE" })).done();
    assert_books_balance(&app);
}

#[test]
fn a_reservation_ends_by_itself() {
    let app = TestApp::start();
    for code in ["ONE", "TWO", "THREE", "FOUR"] {
        coupon(&app, code, Some(1));
    }
    let harbour = till(&app, "");
    let reserve = |code: &str| {
        let held = harbour.post("/reservations", json!({ "codes": [code] }));
        format!("/reservations/{}", held.done()["id"].as_str().unwrap())
    };
    let [one, _two, three, _four] = ["ONE", "TWO", "THREE", "FOUR"].map(reserve);
    app.clock.advance(Duration::minutes(15) - Duration::seconds(1));
    assert_eq!(harbour.post("/lookups", json!({ "code": "TWO" })).refusal(), (409, "code_used_up"));
    app.clock.advance(Duration::seconds(1));

    // by whoever meets it first: a look-up, another reservation, its own validation, the worker
    assert_eq!(harbour.get(&one).done()["state"], "expired");
    harbour.post("/lookups", json!({ "code": "ONE" })).done();
    harbour.post("/reservations", json!({ "codes": ["TWO"] })).done();
    assert_eq!(harbour.post(&format!("{three}/validation"), json!({})).refusal(), (409, "reservation_ended"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM reservation WHERE expired_at IS NOT NULL"), 3);
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM reservation WHERE expired_at IS NOT NULL"), 4);
    assert_eq!(make::count(&app, "SELECT sum(uses_taken) FROM code"), 1);
    assert_books_balance(&app);
    assert_eq!(harbour.post(&format!("{one}/cancellation"), json!({})).done()["state"], "expired");
}

#[test]
fn a_validation_is_taken_back_within_its_time() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let campaign = personal(&app, "Winter", "WINTER23", ann);
    make::run(&app, &format!("UPDATE campaign SET validations_per_member = 2 WHERE id = {campaign}"));
    make::run(&app, "UPDATE code SET uses_allowed = 2");
    let harbour = till(&app, "");
    let use_it = || harbour.post("/validations", json!({ "code": "WINTER23" }));
    let [first, second] = [use_it(), use_it()];
    assert_eq!(first.status, 201);
    assert_eq!(first.body["reversible_until"], "2026-11-24T10:15:00Z");
    assert_eq!(second.done()["coupon"]["remaining"], json!({ "in_all": 0, "for_member": 0 }));
    let reverse = |validation: &crate::support::program::Answered| {
        harbour.post(&format!("/validations/{}/reversal", validation.body["id"]), json!({}))
    };

    let reversed = reverse(&first);

    assert_eq!((reversed.status, &reversed.body["reversed_at"]), (200, &json!("2026-11-24T10:00:00Z")));
    assert_eq!(reversed.body["coupon"]["remaining"], json!({ "in_all": 1, "for_member": 1 }));
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'validated'"), 1, "a use remains");
    assert_eq!(reverse(&first).refusal(), (409, "already_reversed"));
    reverse(&second).done();
    assert_eq!(make::text(&app, "SELECT state FROM delivery"), "issued");
    assert_books_balance(&app);
    let third = use_it();
    app.clock.advance(Duration::minutes(15));
    assert_eq!(reverse(&third).refusal(), (409, "reversal_too_late"));
    assert_books_balance(&app);
}

#[test]
fn how_long_is_set_in_general() {
    let app = TestApp::start();
    coupon(&app, "LATTE", None);
    let (marketer, harbour) = (app.marketer(), till(&app, ""));
    let used = harbour.post("/validations", json!({ "code": "LATTE" }));
    let form = || marketer.get("/settings/general").form("Save changes");
    assert_eq!(marketer.get("/settings/general").value("Reversal at tills"), "15");
    for wrong in ["", "-1", "10081", "x"] {
        let page = form().fill("Reversal at tills", wrong).send();
        assert_eq!(page.error_on("Reversal at tills"), "Error: Enter a number of minutes from 0 to 10,080 (a week)");
    }
    assert_eq!(form().fill("Reversal at tills", "0").send().status, 303);
    let path = format!("/validations/{}/reversal", used.body["id"]);
    let refused = harbour.post(&path, json!({}));
    assert_eq!(refused.refusal(), (409, "reversal_too_late"));
    assert_eq!(refused.body["detail"], "Validations cannot be reversed here.");
    assert_eq!(form().fill("Reversal at tills", "120").send().status, 303);
    app.clock.advance(Duration::minutes(119));
    harbour.post(&path, json!({})).done();
    let logged = "SELECT count(*) FROM audit_entry WHERE after->>'reversal_minutes' = '120'";
    assert_eq!(make::count(&app, logged), 1);
}
