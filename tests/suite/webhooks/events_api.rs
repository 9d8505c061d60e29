//! `/api/v1/events`.

use muster::api::Scope;
use serde_json::json;

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

    let events = first["events"].as_array().unwrap();
    assert_eq!((events.len(), &first["more"], &first["next"]), (4, &json!(true), &events[3]["number"]));
    assert_eq!(
        (&events[0]["type"], &events[0]["data"]["group"]["name"]),
        (&json!("membership.opened"), &json!("Regulars"))
    );
    assert!(events[0]["id"].as_str().unwrap().starts_with("evt_"));
    let rest = office.get(&format!("/events?after={}", first["next"]));
    assert_eq!((rest.done()["events"].as_array().unwrap().len(), &rest.done()["more"]), (3, &json!(false)));
    let end = &rest.done()["next"];
    assert_eq!(
        office.get(&format!("/events?after={end}")).done(),
        &json!({ "events": [], "next": end, "more": false })
    );
    let closed = office.get("/events?type=membership.closed");
    assert_eq!(closed.done()["events"].as_array().unwrap().len(), 2);
}

#[test]
fn who_may_not_or_asks_wrongly_is_told() {
    let app = TestApp::start();
    let office = office(&app);
    for wrong in ["after=x", "limit=0", "limit=1001", "type=nonsense", "limit=x", "nonsense=1", "after=%00", "type=%00"]
    {
        assert_eq!(office.get(&format!("/events?{wrong}")).refusal(), (400, "bad_request"), "{wrong}");
    }
    assert_eq!(office.get("/events/1").refusal(), (404, "not_found"));
    let till = Program::new(&app, Scope::Pos, "", "/api/v1");
    assert_eq!(till.get("/events").refusal(), (403, "forbidden"));
    assert_eq!(Program::new(&app, Scope::Office, "", "/api/v1").get("/events").status, 200);
}
