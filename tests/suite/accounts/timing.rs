//! How long an answer takes for a known and an unknown e-mail: reported, since a shared machine is too noisy to assert.
#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use diesel::RunQueryDsl;

use super::try_password;
use crate::support::TestApp;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// The median of each kind, asked in turns so that the machine's moods fall on both alike.
fn medians(app: &TestApp, ask: impl Fn(&Visitor, &str) -> Page) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    let visitor = app.visitor();
    for _ in 0..30 {
        for (kind, email) in ["marketer@example.com", "nobody@example.com"].into_iter().enumerate() {
            diesel::sql_query("DELETE FROM throttle").execute(&mut app.conn()).unwrap();
            let begun = Instant::now();
            ask(&visitor, email);
            times[kind].push(begun.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    })
}

#[test]
fn known_and_unknown_take_as_long() {
    let app = TestApp::start();
    app.make_account("marketer@example.com", "Max", muster::accounts::Role::Marketer);
    let report = |what: &str, [known, unknown]: [Duration; 2]| {
        let apart = known.as_secs_f64() / unknown.as_secs_f64() - 1.0;
        println!("{what}: known {known:?}, unknown {unknown:?} ({:+.1} %)", apart * 100.0);
    };
    report("wrong password", medians(&app, |visitor, email| try_password(visitor, email, "wrong")));
    let reset =
        |visitor: &Visitor, email: &str| visitor.get("/password-reset").form("Send link").fill("E-mail", email).send();
    report("password reset", medians(&app, reset));
}
