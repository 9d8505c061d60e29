//! Settings → API keys.

use chrono::Duration;
use serde_json::json;

use super::{coupon, till};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{Program, TestApp, make};

const PATH: &str = "/settings/api-keys";

fn add(admin: &Visitor, name: &str, shop: &str) -> Page {
    admin.get(PATH).click("Add API key").form("Add API key").fill("Name", name).fill("Shop", shop).send()
}

/// With the key that the page shows.
fn shown(app: &TestApp, page: &Page) -> Program {
    assert_eq!(page.status, 200, "{}", page.text());
    let key = page.text_at("code.api-key");
    Program { key, ..till(app, "") }
}

#[test]
fn a_key_is_added_and_shown_once() {
    let app = TestApp::start();
    let admin = app.admin();
    assert!(admin.get(PATH).shows("Nothing is connected yet"));

    let page = add(&admin, "Till 3", "Harbour Street");

    let program = shown(&app, &page);
    assert!(program.key.starts_with("mk_") && page.shows("It is shown this once"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert!(page.header("set-cookie").is_none_or(|cookies| !cookies.contains(&program.key)));
    program.post("/lookups", json!({ "code": "NOPE" })).code();
    make::run(&app, &format!("DELETE FROM api_key WHERE id = {}", program.key_id));
    let list = admin.get(PATH);
    for told in ["Till 3", "Tills", "Harbour Street", "Active", "from 127.0.0.1", "by Ada Admin"] {
        assert!(list.shows(told), "{told}: {}", list.text());
    }
    let hint = &program.key[program.key.len() - 4..];
    assert!(list.shows(&format!("…{hint}")) && !list.html.contains(&program.key));
    let kept = ["SELECT string_agg(t::text, ' ') FROM audit_entry AS t", "SELECT api_key::text FROM api_key"];
    let kept = kept.map(|sql| make::text(&app, sql)).concat();
    assert!(kept.contains("API key added") && !kept.contains(&program.key));
    let hash: String = muster::api::ApiKey::hash(&program.key).iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(!make::text(&app, "SELECT string_agg(coalesce(after::text, ''), ' ') FROM audit_entry").contains(&hash));
}

#[test]
fn what_is_wrong_is_told_at_its_field() {
    let app = TestApp::start();
    let admin = app.admin();
    let form = || admin.get("/settings/api-keys/new").form("Add API key");
    let page = form().fill("Shop", "kept as typed").send();
    assert_eq!((page.status, page.error_on("Name").as_str()), (422, "Error: Enter a name"));
    assert_eq!(page.value("Shop"), "kept as typed");
    let page = form().fill("Name", &"x".repeat(81)).fill("Shop", &"x".repeat(81)).send();
    assert_eq!(page.error_on("Name"), "Error: Use at most 80 characters");
    assert_eq!(page.error_on("Shop"), "Error: Use at most 80 characters");
    assert_eq!(form().fill("Name", "X").smuggle("scope", "all").send().status, 422);
    assert_eq!(make::count(&app, "SELECT count(*) FROM api_key"), 0);
    // what the choice hides is not kept
    let page = form().fill("Name", "Office").smuggle("scope", "office").fill("Shop", "Airport").send();
    assert_eq!(page.status, 200);
    assert_eq!(make::text(&app, "SELECT scope || '/' || shop FROM api_key"), "office/");
}

#[test]
fn a_rotated_key_works_beside_the_new_one_for_as_long_as_was_chosen() {
    let app = TestApp::start();
    let admin = app.admin();
    coupon(&app, "LATTE", None);
    let before = shown(&app, &add(&admin, "Till 3", ""));
    let held = before.once("/reservations", "sale 1", json!({ "codes": ["LATTE"] }));
    let works = |program: &Program| program.post("/lookups", json!({ "code": "LATTE" })).status == 200;
    make::run(&app, &format!("DELETE FROM api_key WHERE id = {}", before.key_id));

    let page = admin.get(PATH).click("Rotate").form("Rotate").tick("1 hour").send();

    let after = shown(&app, &page);
    assert!(page.shows("The key before works until 24 Nov 2026, 12:00."));
    assert!(works(&before) && works(&after) && before.key != after.key);
    // it is the same till: its answers and its reservations stay its own
    assert_eq!(after.once("/reservations", "sale 1", json!({ "codes": ["LATTE"] })), held);
    let path = format!("/reservations/{}/validation", held.done()["id"].as_str().unwrap());
    after.post(&path, json!({})).done();
    app.clock.advance(Duration::hours(1));
    assert!(!works(&before) && works(&after));
    make::run(&app, &format!("DELETE FROM api_key WHERE id = {}", after.key_id));
    let page = admin.get(PATH).click("Rotate").form("Rotate").tick("It stops now").send();
    let last = shown(&app, &page);
    assert!(page.shows("The key before works no more."));
    assert!(!works(&before) && !works(&after) && works(&last));
    let logged = "SELECT count(*) FROM audit_entry WHERE action = 'API key rotated' AND subject_kind = 'api_key'";
    assert_eq!(make::count(&app, logged), 2);
    assert_eq!(admin.get("/settings/api-keys/999/rotation").status, 404);
}

#[test]
fn a_revoked_key_is_refused_at_once_and_stays_on_record() {
    let app = TestApp::start();
    let admin = app.admin();
    let program = shown(&app, &add(&admin, "Till 3", ""));
    make::run(&app, &format!("DELETE FROM api_key WHERE id = {}", program.key_id));
    let question = admin.get(PATH).click("Revoke");
    assert!(question.shows("Revoke Till 3?") && question.shows("It was never used."));

    let page = question.form("Revoke").send().follow(&admin);

    assert!(page.shows("Till 3 is revoked.") && page.shows("Revoked") && !page.has_link("Rotate"));
    assert_eq!(program.post("/lookups", json!({ "code": "X" })).refusal(), (401, "unauthorized"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'API key revoked'"), 1);
    let id = make::count(&app, "SELECT id FROM api_key");
    let page = admin.bypass(&format!("{PATH}/{id}/revocation"), &[], PATH).follow(&admin);
    assert!(page.shows("Till 3 was revoked already."));
    let page = admin.bypass(&format!("{PATH}/{id}/rotation"), &[("overlap", "24")], PATH);
    assert_eq!(page.status, 422);
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action LIKE 'API key %'"), 2);
}

#[test]
fn only_admins_come_here() {
    let app = TestApp::start();
    for visitor in [app.marketer(), app.support()] {
        for path in [PATH, "/settings/api-keys/new"] {
            assert_eq!(visitor.get(path).status, 403);
        }
    }
    assert!(!app.marketer().get("/settings/general").has_link("API keys"));
    assert!(app.admin().get("/settings/general").has_link("API keys"));
}
