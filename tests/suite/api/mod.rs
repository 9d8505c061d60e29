//! `/api/app/v1` and `/api/v1`, their document, and programs made from it.

mod app;
mod caller;
mod client;
mod document;
mod fuzz;
mod limits;
mod office;
mod readme;
mod tools;
mod world;

use muster::api::Scope;
use muster::ids::MemberId;
use serde_json::json;

use self::caller::Caller;
use crate::support::{Program, TestApp};

/// A member's app, signed in by a code from the Outbox.
fn app_of(app: &TestApp, member: MemberId) -> Caller {
    let stranger = Caller::new(app, "/api/app/v1", "");
    let contact =
        crate::support::make::text(app, &format!("SELECT coalesce(phone, email) FROM member WHERE id = {member}"));
    stranger.post("/sign-in-codes", json!({ "contact": contact })).expect(202);
    let code = app.sign_in_code(member);
    let tokens =
        stranger.post("/sign-ins", json!({ "contact": contact, "code": code, "device": "A phone" })).expect(201);
    stranger.with(tokens["access_token"].as_str().unwrap())
}

/// The back office, with a new key.
fn office(app: &TestApp) -> Caller {
    let program = Program::new(app, Scope::Office, "", "");
    Caller::new(app, "/api/v1", &program.key)
}
