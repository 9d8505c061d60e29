//! Codes entered in the app.

mod checks;
mod effects;
mod races;
mod throttle;

use diesel::Connection;
use muster::error::AppError;
use muster::ids::MemberId;
use muster::memberships::{Entry, Refusal, enter};

use crate::support::TestApp;

/// Enters a code, as the page does, from an address of the member's own.
fn entry(app: &TestApp, member: MemberId, code: &str) -> Entry {
    let now = app.now();
    let address = format!("member {member}");
    app.conn().transaction::<_, AppError, _>(|conn| Ok(enter(conn, member, code, &address, now)?)).unwrap()
}

fn refusal(app: &TestApp, member: MemberId, code: &str) -> Refusal {
    match entry(app, member, code) {
        Entry::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

/// The stable code and the sentence of a refusal.
fn told(app: &TestApp, member: MemberId, code: &str) -> (&'static str, String) {
    let refusal = refusal(app, member, code);
    (refusal.code(), refusal.sentence(&app.muster.organisation.get()))
}
