//! **Invite**: a link by e-mail, for 72 hours, once.

use chrono::Duration;

use super::{PASSWORD, audited, link_to, messages, try_password};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const EVA: &str = "eva@example.com";

fn invite(admin: &Visitor, email: &str) -> Page {
    let form = admin.get("/settings/dashboard-users").click("Invite").form("Send invitation");
    form.fill("Name", "Eva Eager").fill("E-mail", email).tick("Marketer").send()
}

fn accept(visitor: &Visitor, link: &str) -> Page {
    visitor.get(link).form("Start").fill("Password", PASSWORD).send()
}

#[test]
fn who_is_invited_chooses_a_password_and_is_in() {
    let app = TestApp::start();
    let admin = app.admin();
    let page = invite(&admin, " Eva@Example.com ").follow(&admin);
    assert!(page.shows("Eva Eager is invited. The link went to eva@example.com and works for 72 hours."));
    assert!(page.shows("Works until"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM account"), 1);

    let eva = app.visitor();
    let page = eva.get(&link_to(&app, EVA));
    assert!(page.shows("Ada Admin invites you to the dashboard of Muster, as Marketer."));
    assert_eq!(page.value("Name"), "Eva Eager");
    let page = accept(&eva, &link_to(&app, EVA));
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/")));
    assert!(eva.get("/").shows("Eva Eager"));
    assert_eq!(try_password(&app.visitor(), EVA, PASSWORD).status, 303);

    let list = admin.get("/settings/dashboard-users");
    assert!(list.shows("eva@example.com") && !list.shows("Works until"));
    assert_eq!((audited(&app, "dashboard user invited"), audited(&app, "dashboard user joined")), (1, 1));
    assert_eq!(make::text(&app, "SELECT DISTINCT purpose FROM message"), "staff");
}

#[test]
fn a_link_works_once_even_for_many_at_a_time() {
    let app = TestApp::start();
    invite(&app.admin(), EVA);
    let link = link_to(&app, EVA);
    let fields = [("name", "Eva"), ("password", PASSWORD)];
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let visit = || app.visitor().bypass(&link, &fields, "/sign-in").status;
        let visits: Vec<_> = (0..6).map(|_| scope.spawn(visit)).collect();
        visits.into_iter().map(|visit| visit.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM account"), 2);
    let late = app.visitor().get(&link);
    assert!(late.status == 404 && late.shows("This invitation no longer works"), "{}", late.text());
    let token = app.visitor();
    assert_eq!(token.bypass(&link, &[("name", "Eve"), ("password", PASSWORD)], "/sign-in").status, 404);
}

#[test]
fn a_link_ends_after_72_hours_when_sent_again_and_when_withdrawn() {
    let app = TestApp::start();
    let admin = app.admin();
    invite(&admin, EVA);
    let first = link_to(&app, EVA);
    app.clock.advance(Duration::hours(72));
    assert!(app.visitor().get(&first).shows("no longer works"));
    let admin = app.admin();
    let list = admin.get("/settings/dashboard-users");
    assert!(list.shows("Expired"));
    assert_eq!(list.form("Send again").send().status, 303);
    let second = link_to(&app, EVA);
    assert!(app.visitor().get(&second).shows("Welcome") && app.visitor().get(&first).shows("no longer works"));
    assert_eq!(messages(&app, EVA), 2);

    let page = admin.get("/settings/dashboard-users").click("Withdraw").form("Withdraw").send().follow(&admin);
    assert!(page.shows("The invitation of Eva Eager is withdrawn."));
    assert!(app.visitor().get(&second).shows("no longer works"));
    assert_eq!((audited(&app, "invitation sent again"), audited(&app, "invitation withdrawn")), (1, 1));
    assert_eq!(invite(&admin, EVA).status, 303);
}

#[test]
fn nobody_is_invited_twice() {
    let app = TestApp::start();
    let admin = app.admin();
    invite(&admin, EVA);
    assert!(invite(&admin, EVA).error_on("E-mail").contains("This address was invited already"));
    let there = invite(&admin, "admin@example.com").error_on("E-mail");
    assert!(there.contains("There is a dashboard user with this e-mail address already"));
    let form = admin.get("/settings/dashboard-users/new").form("Send invitation");
    let page = form.fill("Name", "").fill("E-mail", "x").smuggle("role", "owner").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Name"), "Error: Enter their name");
    assert!(page.error_on("E-mail").contains("like name@example.com") && page.shows("Choose a role"));
}

#[test]
fn a_link_takes_good_passwords_only_and_is_not_used_up_by_a_bad_one() {
    let app = TestApp::start();
    invite(&app.admin(), EVA);
    let (visitor, link) = (app.visitor(), link_to(&app, EVA));
    for (password, why) in [
        ("short", "Use at least 12 characters"),
        ("passwordpassword", "among the passwords that are tried first"),
        ("Eva Eager 1234", "something other than your name"),
        ("eva@example.com", "something other than your name or e-mail"),
    ] {
        let page = visitor.get(&link).form("Start").fill("Password", password).send();
        assert_eq!(page.status, 422);
        assert!(page.error_on("Password").contains(why), "{password}: {}", page.error_on("Password"));
        assert!(password.contains('@') || !page.html.contains(password), "a password is not shown again");
    }
    assert_eq!(accept(&visitor, &link).status, 303);
}

#[test]
fn only_admins_see_dashboard_users() {
    let app = TestApp::start();
    app.admin();
    for visitor in [app.marketer(), app.support()] {
        assert_eq!(visitor.get("/settings/dashboard-users").status, 403);
        assert_eq!(visitor.get("/settings/dashboard-users/new").status, 403);
        assert!(!visitor.get("/").has_link("Dashboard users"));
    }
    assert!(app.admin().get("/settings/general").has_link("Dashboard users"));
}

#[test]
fn what_no_link_is_says_so() {
    let app = TestApp::start();
    for link in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "..%2f"] {
        for page in ["/invitation", "/password-reset"] {
            let answer = app.visitor().get(&format!("{page}/{link}"));
            assert!(answer.status == 404 && answer.shows("no longer works"), "{link}: {}", answer.status);
        }
    }
}
