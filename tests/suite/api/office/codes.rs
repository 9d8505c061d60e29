//! Codes for the back office.

use serde_json::json;

use crate::api::office;
use crate::support::{TestApp, make};

#[test]
fn codes_are_listed_shown_and_more_are_made() {
    let app = TestApp::start();
    let office = office(&app);
    let campaign = make::campaign(&app, "Many", "code").many_codes().make();
    make::codes(&app, campaign, &["AAAA2222", "BBBB2222", "CCCC2222"]);
    make::run(&app, "UPDATE code SET uses_taken = 1 WHERE text = 'AAAA2222'");
    make::run(
        &app,
        "INSERT INTO validation (campaign_id, code, at, via) SELECT campaign_id, text, now(), 'till' FROM code WHERE text = 'AAAA2222'",
    );
    let path = format!("/campaigns/{campaign}/codes");

    let first = office.get(&format!("{path}?limit=2")).expect(200);

    assert_eq!((&first["codes"][0]["code"], &first["codes"][0]["state"]), (&json!("AAAA2222"), &json!("used")));
    let rest = office.get(&format!("{path}?limit=2&after={}", first["next"].as_str().unwrap())).expect(200);
    assert_eq!((&rest["codes"][0]["code"], &rest["next"]), (&json!("CCCC2222"), &json!(null)));
    assert_eq!(office.get(&format!("{path}?state=used")).expect(200)["codes"].as_array().unwrap().len(), 1);
    assert_eq!(office.get(&format!("{path}?state=lost")).refusal(), (400, "bad_request"));
    assert_eq!(office.get("/codes/bbbb-2222").expect(200)["uses_allowed"], 1);
    assert_eq!(office.get("/codes/NOSUCH").refusal(), (404, "not_found"));
    let order = |once: &str, count: i64| {
        office.send("POST", &path, &[("Idempotency-Key", once)], Some(json!({ "count": count }).to_string()))
    };
    assert_eq!(order("1", 50).expect(202), json!({ "ordered": 50, "made": 50 }));
    order("1", 50).expect(202);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 53);
    assert_eq!(order("2", 0).refusal(), (422, "invalid"));
    assert_eq!(order("3", 5_000_001).refusal(), (422, "invalid"));
    let one = make::campaign(&app, "One", "code").one_code("BARISTA", None).make();
    assert_eq!(
        office.post(&format!("/campaigns/{one}/codes"), json!({ "count": 1 })).refusal(),
        (409, "codes_not_made")
    );
}
