//! Many members at once.

use serde_json::{Value, json};

use crate::api::office;
use crate::support::{TestApp, make};

fn statuses(answer: &Value) -> Vec<String> {
    let rows = answer["results"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            format!(
                "{}{}",
                row["status"].as_str().unwrap(),
                row["code"].as_str().map(|code| format!(" {code}")).unwrap_or_default()
            )
        })
        .collect()
}

#[test]
fn each_row_has_its_own_result() {
    let app = TestApp::start();
    let office = office(&app);
    make::member(&app, "Bob Baker");
    let number = make::count(&app, "SELECT number FROM member");
    make::member(&app, "Cid Cook");
    let welcome = make::campaign(&app, "Welcome", "app").make();
    app.issue();
    let rows = json!({ "rows": [
        { "external_id": "1", "name": "Ann Able", "phone": "+4915112345678", "consents": { "sms": true, "push": false } },
        { "number": number, "name": "Bob Best", "phone": "+4915170000001", "email": "member1@example.com" },
        { "name": "Cid Cook", "phone": "+4915170000002", "email": "member2@example.com" },
        { "name": "", "phone": "+4915112345679" },
        { "name": "Eve", "phone": "+4915112345678" },
        { "number": 17, "name": "Nobody", "email": "nobody@example.com" },
        { "external_id": "2", "name": "Thief", "email": "member2@example.com", "phone": "+4915170000001" },
        "no row",
    ]});

    let answer = office.post("/members/bulk", rows.clone()).expect(200);

    let expected = [
        "added",
        "changed",
        "unchanged",
        "refused invalid",
        "refused member_conflict",
        "refused not_found",
        "refused member_conflict",
        "refused invalid",
    ];
    assert_eq!(statuses(&answer), expected);
    assert_eq!(answer["results"][1]["member"], number);
    assert_eq!(make::count(&app, &format!("SELECT count(*) FROM delivery WHERE campaign_id = {welcome}")), 3);
    assert_eq!(
        make::text(&app, "SELECT string_agg(channel || granted || source, ' ') FROM member_consent"),
        "smstrueapi"
    );
    // the same call again changes nothing
    let again = office.post("/members/bulk", rows).expect(200);
    assert_eq!(statuses(&again)[..3], ["unchanged", "unchanged", "unchanged"]);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'members added or changed'"), 1);
    assert_eq!(make::text(&app, "SELECT before->0->>'name' FROM audit_entry"), "Bob Baker");
}

#[test]
fn ten_thousand_lines_in_one_call() {
    let app = TestApp::start();
    let office = office(&app);
    let line = |n: i64, name: &str| {
        json!({ "external_id": format!("x{n}"), "name": name, "email": format!("x{n}@example.com") }).to_string()
    };
    let lines = |name: &str| (0..10_000).map(|n| line(n, name) + "\n").collect::<String>();
    let send =
        |body: String| office.send("POST", "/members/bulk", &[("Content-Type", "application/x-ndjson")], Some(body));

    let added = send(lines("Ann"));

    assert_eq!((added.status, added.header("content-type")), (200, "application/x-ndjson"));
    let added = added.lines();
    assert!(added.len() == 10_000 && added.iter().all(|row| row["status"] == "added"));
    assert_eq!(added[9_999]["row"], 9_999);
    assert!(send(lines("Anna")).lines().iter().all(|row| row["status"] == "changed"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE name = 'Anna'"), 10_000);
    assert_eq!(send(lines("Anna") + line(10_001, "One").as_str()).refusal(), (413, "too_large"));
    let mixed = send(format!("{}\n\nnonsense\n", line(1, "Anna"))).lines();
    assert_eq!((&mixed[0]["status"], &mixed[1]["code"]), (&json!("unchanged"), &json!("invalid")));
    assert_eq!(office.post("/members/bulk", json!([])).refusal(), (422, "invalid"));
    assert_eq!(
        office.send("POST", "/members/bulk", &[("Content-Type", "text/csv")], Some("a".into())).refusal(),
        (400, "bad_request")
    );
}

#[test]
fn two_calls_for_the_same_members_at_once_add_each_once() {
    let app = TestApp::start();
    let office = office(&app);
    let rows: Vec<Value> = (0..500).map(|n| json!({ "name": "Ann", "email": format!("x{n}@example.com") })).collect();
    let (there, back) = (json!({ "rows": rows }), json!({ "rows": rows.iter().rev().collect::<Vec<_>>() }));
    std::thread::scope(|scope| {
        for body in [&there, &back, &there, &back] {
            let office = &office;
            scope.spawn(move || office.post("/members/bulk", body.clone()).expect(200));
        }
    });
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 500);
}
