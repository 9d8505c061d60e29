//! There is always an Admin who can sign in.

use diesel::RunQueryDsl;

use super::path;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};
use muster::accounts::Role;

const ADMINS: &str = "SELECT count(*) FROM account WHERE role = 'admin' AND disabled_at IS NULL";

fn demote(visitor: &Visitor, path: &str) -> u16 {
    visitor.bypass(path, &[("name", "X"), ("role", "support")], "/my-account").status
}

#[test]
fn the_last_admin_is_not_demoted_or_disabled() {
    let app = TestApp::start();
    let admin = app.admin();
    let own = path(&app, "admin@example.com");
    let page = admin.get(&own).form("Save changes").tick("Support").send();
    assert_eq!(page.status, 422);
    assert!(page.error_on("Role").contains("This is the last Admin who can sign in"));
    let page = admin.bypass(&format!("{own}/disable"), &[], "/").follow(&admin);
    assert!(page.shows("You cannot disable yourself."));

    // another Admin, but one who is disabled, is none
    app.make_account("second@example.com", "Second", Role::Admin);
    let second = path(&app, "second@example.com");
    admin.get(&second).click("Disable").form("Disable").send();
    assert_eq!(demote(&admin, &own), 422);
    admin.get(&second).form("Enable").send();
    assert_eq!(demote(&admin, &own), 303);
    assert_eq!(make::count(&app, ADMINS), 1);
}

#[test]
fn two_admins_who_demote_each_other_at_once_leave_one() {
    let app = TestApp::start();
    for round in 0..12 {
        let emails = [0, 1].map(|place| format!("admin{round}-{place}@example.com"));
        // the other Admins of before are out of the way
        let visitors = [0, 1].map(|place| app.signed_in(&emails[place], "Admin", Role::Admin));
        let others = format!("UPDATE account SET role = 'support' WHERE email NOT LIKE 'admin{round}-%'");
        diesel::sql_query(others).execute(&mut app.conn()).unwrap();
        let paths = [0, 1].map(|place| path(&app, &emails[1 - place]));
        let barrier = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            for (visitor, path) in visitors.iter().zip(&paths) {
                let (barrier, round) = (&barrier, round);
                scope.spawn(move || {
                    let token = visitor.get("/my-account").hidden("csrf");
                    barrier.wait();
                    if round % 2 == 0 {
                        visitor.post(path, &[("csrf", &token), ("name", "X"), ("role", "support")]);
                    } else {
                        visitor.post(&format!("{path}/disable"), &[("csrf", &token)]);
                    }
                });
            }
        });
        assert_eq!(make::count(&app, ADMINS), 1, "round {round}");
    }
}

#[test]
fn the_database_keeps_the_rule_by_itself() {
    let app = TestApp::start();
    app.admin();
    for sql in ["DELETE FROM account", "UPDATE account SET role = 'support'", "UPDATE account SET disabled_at = now()"]
    {
        let error = diesel::sql_query(sql).execute(&mut app.conn()).unwrap_err().to_string();
        assert!(error.contains("the last Admin stays"), "{sql}: {error}");
    }
    // two in two transactions that overlap: the second waits, then sees what the first did
    app.make_account("second@example.com", "Second", Role::Admin);
    let ended: Vec<bool> = std::thread::scope(|scope| {
        let demotions: Vec<_> = ["admin@example.com", "second@example.com"]
            .map(|email| {
                let app = &app;
                scope.spawn(move || {
                    let sql = format!("UPDATE account SET role = 'support' WHERE email = '{email}'");
                    diesel::sql_query(sql).execute(&mut app.conn()).is_ok()
                })
            })
            .into();
        demotions.into_iter().map(|demotion| demotion.join().unwrap()).collect()
    });
    assert_eq!(ended.iter().filter(|done| **done).count(), 1);
}
