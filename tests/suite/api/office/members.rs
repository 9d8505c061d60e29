//! Members, one by one.

use serde_json::json;

use crate::api::{app_of, office};
use crate::support::{TestApp, make};

#[test]
fn who_is_not_there_is_added_and_who_is_there_is_changed() {
    let app = TestApp::start();
    let office = office(&app);
    let everyone = make::campaign(&app, "Welcome", "app").make();
    app.issue();
    let sent = json!({ "name": "Ann Able", "phone": "0151 70000001", "consents": { "sms": true } });

    let added = office.put("/members/ext:CRM-17", sent.clone());

    assert_eq!(added.status, 201, "{}", added.text);
    let ann = &added.body;
    assert_eq!((&ann["external_id"], &ann["phone"]), (&json!("CRM-17"), &json!("+4915170000001")));
    assert_eq!(ann["consents"], json!({ "sms": true, "email": false, "push": false }));
    assert_eq!(added.header("location"), format!("/api/v1/members/{}", ann["number"]));
    // whoever is new gets what is for everyone
    assert_eq!(make::count(&app, &format!("SELECT count(*) FROM delivery WHERE campaign_id = {everyone}")), 1);
    for name in ["ext:CRM-17", "+4915170000001", "%2B4915170000001", &ann["number"].to_string()] {
        assert_eq!(&office.get(&format!("/members/{name}")).expect(200), ann, "{name}");
    }
    assert_eq!(office.put("/members/ext:CRM-17", sent).expect(200), *ann);
    let changed = office.put("/members/+4915170000001", json!({ "name": "Ann Adams", "email": "ANN@example.com" }));
    let changed = changed.expect(200);
    assert_eq!(
        (&changed["name"], &changed["email"], &changed["external_id"]),
        (&json!("Ann Adams"), &json!("ann@example.com"), &json!("CRM-17"))
    );
    assert_eq!(changed["consents"]["sms"], true);
    let told = make::text(&app, "SELECT string_agg(actor || ': ' || action, ', ' ORDER BY id) FROM audit_entry");
    assert_eq!(told, "API key “A program”: member added, API key “A program”: member changed");
    assert_eq!(make::text(&app, "SELECT source FROM member_consent"), "api");
}

#[test]
fn nobody_overwrites_what_they_have_not_seen() {
    let app = TestApp::start();
    let office = office(&app);
    let put = |headers: &[(&str, &str)], name: &str| {
        office.send("PUT", "/members/ann@example.com", headers, Some(json!({ "name": name }).to_string()))
    };
    assert_eq!(put(&[("If-Match", "*")], "Ann").refusal(), (412, "precondition_failed"));
    let added = put(&[("If-None-Match", "*")], "Ann");
    assert_eq!(added.status, 201);
    assert_eq!(put(&[("If-None-Match", "*")], "Ann").refusal(), (412, "precondition_failed"));
    let tag = added.header("etag").to_owned();
    assert_eq!(office.get("/members/ann@example.com").header("etag"), tag);
    let changed = put(&[("If-Match", &tag)], "Anna");
    assert_eq!(changed.status, 200);
    assert_eq!(put(&[("If-Match", &tag)], "Annika").refusal(), (412, "precondition_failed"));
    assert_eq!(put(&[("If-Match", changed.header("etag"))], "Annika").status, 200);
}

#[test]
fn what_is_wrong_is_told_at_its_field() {
    let app = TestApp::start();
    let office = office(&app);
    make::member(&app, "Bob Baker");
    let put = |path: &str, body: serde_json::Value| {
        let answer = office.put(path, body);
        let fields: Vec<String> = answer.body["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| e["field"].as_str().unwrap().to_owned())
            .collect();
        (answer.refusal().0, fields.join(" "))
    };
    assert_eq!(put("/members/ext:1", json!({ "name": "" , "phone": "1" })), (422, "name phone".into()));
    assert_eq!(put("/members/ext:1", json!({ "name": "Ann" })), (422, "phone".into()));
    assert_eq!(put("/members/ext:1", json!({ "name": "Ann", "email": "member1@example.com" })), (422, "email".into()));
    assert_eq!(put("/members/ext:1", json!({ "nam": "Ann" })).0, 422);
    assert_eq!(put("/members/17", json!({ "name": "Ann", "phone": "+4915112345678" })).0, 404);
    assert_eq!(put("/members/who", json!({ "name": "Ann" })).0, 404);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 1);
}

#[test]
fn members_are_found_page_by_page() {
    let app = TestApp::start();
    let office = office(&app);
    let members = make::members(&app, 120);
    let group = make::group(&app, "Coffee Club").make();
    make::stay(&app, group, &members[..3]);
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = office.get(&format!("/members?after={after}")).expect(200);
        seen.extend(page["members"].as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()));
        match page["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 120);
    let count = |query: &str| office.get(&format!("/members?{query}")).expect(200)["members"].as_array().unwrap().len();
    assert_eq!((count("q=member+17"), count("q=many100@"), count(&format!("group={group}"))), (1, 1, 3));
    assert_eq!((count("blocked=true"), count("q=nobody")), (0, 0));
    assert_eq!(office.get("/members?blocked=maybe").refusal(), (400, "bad_request"));
    let groups = office.get("/groups").expect(200);
    assert_eq!((&groups["groups"][0]["members"], &groups["groups"][0]["kind"]), (&json!(3), &json!("public")));
    assert_eq!(office.get(&format!("/groups/{group}")).expect(200), groups["groups"][0]);
}

#[test]
fn an_erased_member_has_no_external_id() {
    let app = TestApp::start();
    let office = office(&app);
    office.put("/members/ext:17", json!({ "name": "Ann", "email": "ann@example.com" })).expect(201);
    let id = make::count(&app, "SELECT id FROM member");
    app_of(&app, muster::ids::MemberId(id)).delete("/me").expect(204);
    assert_eq!(office.get("/members/ext:17").refusal(), (404, "not_found"));
}
