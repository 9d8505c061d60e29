//! Who may call, and what others are told.

use muster::api::Scope;
use serde_json::json;

use crate::api::{Caller, app_of, office};
use crate::support::{Program, TestApp, make};

#[test]
fn keys_for_reading_only_read() {
    let app = TestApp::start();
    let key = |scope| Caller::new(&app, "/api/v1", &Program::new(&app, scope, "", "").key);
    let (reader, till) = (key(Scope::OfficeRead), key(Scope::Pos));
    reader.get("/members").expect(200);
    assert_eq!(reader.put("/members/ext:1", json!({ "name": "Ann" })).refusal(), (403, "forbidden"));
    assert_eq!(reader.post("/memberships/bulk", json!({ "rows": [] })).refusal(), (403, "forbidden"));
    assert_eq!(till.get("/members").refusal(), (403, "forbidden"));
    assert_eq!(reader.with("mk_nonsense").get("/members").refusal(), (401, "unauthorized"));
    let ann = app_of(&app, make::member(&app, "Ann"));
    assert_eq!(ann.with(&Program::new(&app, Scope::Office, "", "").key).get("/me").refusal(), (401, "unauthorized"));
}

#[test]
fn nothing_but_problem_documents_tells_what_is_wrong() {
    let app = TestApp::start();
    let office = office(&app);
    assert_eq!(office.get("/nowhere").refusal(), (404, "not_found"));
    assert_eq!(office.get("/groups/x").refusal(), (404, "not_found"));
    assert_eq!(office.get("/groups?limit=0").refusal(), (400, "bad_request"));
    assert_eq!(office.get("/groups?limit=x").refusal(), (400, "bad_request"));
    let wrong = office.delete("/members/17");
    assert_eq!((wrong.refusal(), wrong.header("allow")), ((405, "wrong_method"), "GET, PUT"));
    assert_eq!(Caller::new(&app, "/api", "").get("/nowhere").refusal(), (404, "not_found"));
}
