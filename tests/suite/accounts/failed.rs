//! Sign-ins that come to nothing are in the audit log: few lines, whoever tries how often.

use chrono::Duration;
use diesel::RunQueryDsl;
use muster::accounts::Role;
use muster::sessions::failed::{Failed, Whose, Why};

use super::{add_app, audited, try_code, try_password};
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

/// The entries' texts once their minute is over.
fn told(app: &TestApp) -> Vec<String> {
    app.clock.advance(Duration::minutes(1));
    app.work();
    let entries =
        "SELECT coalesce(string_agg(concat_ws(' | ', actor, address, subject_name, after->>'why', after->>'tries'),
        E'\\n' ORDER BY id), '') FROM audit_entry WHERE subject_kind = 'sign_in'";
    make::text(app, entries).lines().map(str::to_owned).collect()
}

#[test]
fn wrong_passwords_are_counted_by_account_and_minute() {
    let app = TestApp::start();
    app.make_account(MAX, "Max Marketer", Role::Marketer);
    app.make_account("gone@example.com", "Gone", Role::Support);
    make::run(&app, "UPDATE account SET disabled_at = now() WHERE email = 'gone@example.com'");
    for _ in 0..3 {
        try_password(&app.visitor(), MAX, "wrong");
    }
    try_password(&app.visitor(), "gone@example.com", "muster-demo");
    try_password(&app.visitor(), "secret.person@example.com", "wrong");
    app.work();
    assert_eq!(audited(&app, "sign-in failed"), 0, "the minute is not over");
    let entries = told(&app);
    assert_eq!(
        entries,
        [
            "Someone | 127.0.0.1 | Max Marketer <marketer@example.com> | wrong password | 3",
            "Someone | 127.0.0.1 | an unknown address | wrong password | 1",
            "Someone | 127.0.0.1 | Gone <gone@example.com> | the account is disabled | 1",
        ]
        .map(str::to_owned)
        .into_iter()
        .collect::<Vec<_>>(),
        "{entries:#?}"
    );
    let all = make::text(&app, "SELECT string_agg(audit_entry::text, ' ') FROM audit_entry");
    assert!(!all.contains("secret.person"), "of an address that is nobody's nothing is kept");
    app.work();
    assert_eq!(audited(&app, "sign-in failed"), 3, "once");
    assert_eq!(make::count(&app, "SELECT count(*) FROM failed_sign_in"), 0);

    let page = app.admin().get("/settings/audit-log?about=sign_in");
    assert!(page.shows("Failed sign-ins") && page.shows("wrong password") && page.shows("an unknown address"));
    assert_eq!(page.texts_at("tbody tr").len(), 3);
}

#[test]
fn factors_throttles_and_members_are_counted_too() {
    let app = TestApp::start();
    add_app(&app, &app.marketer());
    app.clock.advance(Duration::minutes(2));
    let visitor = app.visitor();
    try_password(&visitor, MAX, "muster-demo");
    for _ in 0..8 {
        try_code(&visitor, "000000");
    }
    let ann = make::member(&app, "Ann Able");
    let phone = app.visitor();
    let page = phone.get("/app/sign-in").form("Send code").fill("Phone or e-mail", "member1@example.com").send();
    page.follow(&phone).form("Sign in").fill("Code", "000000").send();
    let mut entries = told(&app);
    entries.sort();
    assert_eq!(
        entries,
        [
            "Someone | 127.0.0.1 | Max Marketer <marketer@example.com> | too many tries | 2".to_owned(),
            "Someone | 127.0.0.1 | Max Marketer <marketer@example.com> | wrong second factor | 6".to_owned(),
            format!("Someone | 127.0.0.1 | Member {} | wrong one-time code | 1", ann.0),
        ],
        "{entries:#?}"
    );
}

#[test]
fn a_flood_from_many_addresses_is_a_few_lines_and_the_chain_holds() {
    let app = TestApp::start();
    let conn = &mut app.conn();
    for n in 0..500 {
        for _ in 0..if n < 3 { 5 } else { 1 } {
            let address = format!("192.0.{}.{}", n / 250, n % 250);
            let whose = Whose::Email(format!("user{n}@example.com"));
            Failed { whose, why: Why::Password, address, now: app.now() }.note(conn).unwrap();
        }
    }
    let entries = told(&app);
    assert_eq!(entries.len(), 11);
    assert_eq!(entries[0], "Someone | 192.0.0.0 | an unknown address | wrong password | 5");
    assert_eq!(entries[10], "Many |  | many others | 490");
    assert_eq!(muster::audit::first_broken_entry(conn).unwrap(), None);
}

#[test]
fn what_a_visitor_calls_himself_can_be_counted() {
    let app = TestApp::start();
    for email in ["a\0b", "'; DROP TABLE account; --", &"x".repeat(10_000)] {
        let whose = Whose::Email(email.into());
        Failed { whose, why: Why::Password, address: "::1".into(), now: app.now() }.note(&mut app.conn()).unwrap();
    }
    assert_eq!(told(&app), ["Someone | ::1 | an unknown address | wrong password | 3"]);
    diesel::sql_query("SELECT 1").execute(&mut app.conn()).unwrap();
}
