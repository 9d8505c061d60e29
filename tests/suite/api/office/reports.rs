//! Reports as streams.

use chrono::Duration;
use serde_json::json;

use crate::api::{app_of, office};
use crate::support::{TestApp, make};

#[test]
fn reports_are_lines_or_csv() {
    let app = TestApp::start();
    let office = office(&app);
    let ann = make::member(&app, "=Ann Able");
    let campaign = make::campaign(&app, "Barista course", "code").one_code("BARISTA", None).make();
    let group = make::group(&app, "Baristas").by_code(campaign).make();
    let offer = make::campaign(&app, "Free coffee", "app").make();
    app.issue();
    app_of(&app, ann).post("/codes", json!({ "code": "BARISTA" })).expect(200);
    let number = make::count(&app, "SELECT number FROM member");

    let members = office.get(&format!("/reports/groups/{group}/members"));

    assert_eq!(members.header("content-type"), "application/x-ndjson");
    assert_eq!(
        (&members.lines()[0]["member"], &members.lines()[0]["how"]),
        (&json!(number), &json!("by the member, with code BARISTA"))
    );
    let csv = office.get(&format!("/reports/groups/{group}/members?format=csv"));
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert_eq!(csv.text.lines().collect::<Vec<_>>()[1].split(',').nth(1), Some("'=Ann Able"));
    assert_eq!(office.get(&format!("/reports/groups/{group}/members?at=2026-11-23T00:00:00Z")).text, "");
    let deliveries = office.get(&format!("/reports/campaigns/{offer}/deliveries")).lines();
    assert_eq!((deliveries.len(), &deliveries[0]["state"]), (1, &json!("issued")));
    let used = office.get("/reports/validations").lines();
    assert_eq!(
        (&used[0]["code"], &used[0]["via"], &used[0]["member"]),
        (&json!("BARISTA"), &json!("app"), &json!(number))
    );
    let count = |query: &str| office.get(&format!("/reports/validations?{query}")).lines().len();
    assert_eq!((count(&format!("campaign={campaign}")), count("campaign=999")), (1, 0));
    assert_eq!((count("from=2026-11-24T10:00:00Z"), count("until=2026-11-24T10:00:00Z")), (1, 0));
    for wrong in ["/reports/groups/999/members", "/reports/campaigns/999/deliveries"] {
        assert_eq!(office.get(wrong).refusal(), (404, "not_found"));
    }
    assert_eq!(office.get("/reports/validations?format=xml").refusal(), (400, "bad_request"));
    let told = make::count(
        &app,
        "SELECT count(*) FROM audit_entry WHERE action = 'report exported' AND actor LIKE 'API key%'",
    );
    assert_eq!(told, 9);
}

#[test]
fn a_report_of_many_chunks_is_whole() {
    let app = TestApp::start();
    let office = office(&app);
    let members = make::members(&app, 12_345);
    let group = make::group(&app, "Everyone").make();
    make::run(
        &app,
        &format!(
            "INSERT INTO membership (member_id, group_id, joined_at, source) SELECT id, {group}, now(), 'api' FROM member"
        ),
    );
    app.clock.advance(Duration::seconds(1));
    let lines = office.get(&format!("/reports/groups/{group}/members")).lines();
    let mut numbers: Vec<i64> = lines.iter().map(|line| line["member"].as_i64().unwrap()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), members.len());
}
