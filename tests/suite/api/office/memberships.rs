//! Memberships in bulk.

use chrono::Duration;
use serde_json::{Value, json};

use crate::api::office;
use crate::support::{TestApp, make};

fn statuses(answer: &Value) -> Vec<&str> {
    answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].as_str().or(row["status"].as_str()).unwrap())
        .collect()
}

#[test]
fn members_join_and_leave_with_a_result_for_each() {
    let app = TestApp::start();
    let office = office(&app);
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    let club = make::group(&app, "Coffee Club").hidden().make();
    let over = make::group(&app, "Over").between(app.now() - Duration::days(9), Some(app.now())).make();
    let offer = make::campaign(&app, "Free coffee", "app").include(club).make();
    app.issue();
    let rows = json!({ "rows": [
        { "member": "member1@example.com", "group": club.0 },
        { "member": "+4915170000002", "group": club.0, "act": "join" },
        { "member": "member1@example.com", "group": club.0, "act": "leave" },
        { "member": "member1@example.com", "group": over.0 },
        { "member": "ext:nobody", "group": club.0 },
        { "member": "member1@example.com", "group": 999 },
        { "member": "who", "group": club.0 },
        { "member": "member1@example.com" },
    ]});

    let answer = office.post("/memberships/bulk", rows.clone()).expect(200);

    assert_eq!(
        statuses(&answer),
        ["joined", "joined", "member_conflict", "group_not_active", "not_found", "not_found", "invalid", "invalid"]
    );
    assert_eq!(
        make::text(&app, "SELECT string_agg(DISTINCT source || source_detail::text, '') FROM membership"),
        "api{\"key\": \"A program\"}"
    );
    // live campaigns are issued, with the group that they came through
    let issued = || {
        make::count(
            &app,
            &format!(
                "SELECT count(*) FROM delivery WHERE campaign_id = {offer} AND withdrawn_at IS NULL AND through = 1"
            ),
        )
    };
    assert_eq!(issued(), 2);
    assert_eq!(statuses(&office.post("/memberships/bulk", rows).expect(200))[..2], ["already_in", "already_in"]);
    let leave = json!({ "rows": [{ "member": "member1@example.com", "group": club.0, "act": "leave" }] });
    assert_eq!(statuses(&office.post("/memberships/bulk", leave.clone()).expect(200)), ["left"]);
    assert_eq!(issued(), 1);
    assert_eq!(statuses(&office.post("/memberships/bulk", leave).expect(200)), ["not_in"]);
    // who comes back has it again
    let back = json!({ "rows": [{ "member": "member1@example.com", "group": club.0 }] });
    assert_eq!(statuses(&office.post("/memberships/bulk", back).expect(200)), ["joined"]);
    assert_eq!(issued(), 2);
    assert_eq!(
        make::count(&app, &format!("SELECT sum(change)::bigint FROM member_group_count WHERE group_id = {club}")),
        2
    );
    let told = make::text(
        &app,
        "SELECT string_agg(after::text, ' ' ORDER BY id) FROM audit_entry WHERE action = 'memberships changed'",
    );
    assert_eq!(told, "{\"left\": 0, \"joined\": 2} {\"left\": 1, \"joined\": 0} {\"left\": 0, \"joined\": 1}");
    let _ = (ann, bob);
}

#[test]
fn ten_thousand_join_in_one_call() {
    let app = TestApp::start();
    let office = office(&app);
    make::members(&app, 10_000);
    let club = make::group(&app, "Coffee Club").make();
    let offer = make::campaign(&app, "Free coffee", "app").include(club).make();
    app.issue();
    let lines: String = (1..=10_000)
        .map(|n| json!({ "member": format!("many{n}@example.com"), "group": club.0 }).to_string() + "\n")
        .collect();

    let answer = office.send("POST", "/memberships/bulk", &[("Content-Type", "application/x-ndjson")], Some(lines));

    assert!(answer.lines().iter().all(|row| row["status"] == "joined"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership WHERE left_at IS NULL"), 10_000);
    assert_eq!(
        make::count(&app, &format!("SELECT count(*) FROM delivery WHERE campaign_id = {offer} AND code IS NOT NULL")),
        10_000
    );
}
