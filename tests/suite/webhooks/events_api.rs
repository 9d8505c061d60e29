//! `/api/v1/events`.

use muster::api::{Scope, events::EventsDocument};
use serde_json::json;
use utoipa::OpenApi;

use super::hook;
use crate::support::{Program, TestApp, make};

fn office(app: &TestApp) -> Program {
    Program::new(app, Scope::OfficeRead, "", "/api/v1")
}

#[test]
fn events_are_read_by_cursor() {
    let app = TestApp::start();
    hook(&app, "http://127.0.0.1:9/", &[]);
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 5));
    make::run(&app, "UPDATE membership SET left_at = joined_at, left_source = 'app' WHERE id > 3");
    app.send_webhooks();
    let office = office(&app);

    let first = office.get("/events?limit=4");
    let first = first.done();

    let data = first["data"].as_array().unwrap();
    assert_eq!((data.len(), &first["more"], &first["cursor"]), (4, &json!(true), &data[3]["cursor"]));
    assert_eq!(
        (&data[0]["type"], &data[0]["data"]["group"]["name"]),
        (&json!("membership.opened"), &json!("Regulars"))
    );
    assert!(data[0]["id"].as_str().unwrap().starts_with("evt_"));
    let cursor = first["cursor"].as_str().unwrap();
    let rest = office.get(&format!("/events?after={cursor}"));
    assert_eq!((rest.done()["data"].as_array().unwrap().len(), &rest.done()["more"]), (3, &json!(false)));
    let end = rest.done()["cursor"].as_str().unwrap();
    assert_eq!(
        office.get(&format!("/events?after={end}")).done(),
        &json!({ "data": [], "cursor": end, "more": false })
    );
    let closed = office.get("/events?type=membership.closed");
    assert_eq!(closed.done()["data"].as_array().unwrap().len(), 2);
}

#[test]
fn who_may_not_or_asks_wrongly_is_told() {
    let app = TestApp::start();
    let office = office(&app);
    for wrong in ["after=x", "after=-1", "limit=0", "limit=1001", "type=nonsense"] {
        assert_eq!(office.get(&format!("/events?{wrong}")).refusal(), (422, "invalid"), "{wrong}");
    }
    for wrong in ["limit=x", "nonsense=1", "after=%00"] {
        let answered = office.get(&format!("/events?{wrong}"));
        assert!([400, 422].contains(&answered.status) && !answered.code().is_empty(), "{wrong}");
    }
    assert_eq!(office.post("/events", json!({})).refusal(), (405, "wrong_method"));
    assert_eq!(office.get("/events/1").refusal(), (404, "not_found"));
    let till = Program::new(&app, Scope::Pos, "", "/api/v1");
    assert_eq!(till.get("/events").refusal(), (403, "forbidden"));
    assert_eq!(Program { key: "mk_nonsense".into(), ..till }.get("/events").refusal(), (401, "unauthorized"));
    assert_eq!(Program::new(&app, Scope::Office, "", "/api/v1").get("/events").status, 200);
}

#[test]
fn the_document_says_so() {
    let document = serde_json::to_value(EventsDocument::openapi()).unwrap();
    let get = &document["paths"]["/api/v1/events"]["get"];
    for status in ["200", "400", "401", "403", "422", "429"] {
        assert!(get["responses"][status].is_object(), "{status}");
    }
    assert_eq!(get["operationId"], "listEvents");
}
