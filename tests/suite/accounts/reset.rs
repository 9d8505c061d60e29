//! A forgotten password: a link by e-mail, for an hour, once.

use chrono::Duration;

use super::{PASSWORD, audited, last_message, link_to, messages, try_password};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

fn ask(visitor: &Visitor, email: &str) -> Page {
    visitor.get("/sign-in").click("Forgot your password?").form("Send link").fill("E-mail", email).send()
}

fn set(visitor: &Visitor, link: &str, password: &str) -> Page {
    visitor.get(link).form("Set password").fill("New password", password).send()
}

#[test]
fn a_link_sets_a_new_password_and_ends_all_sessions() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let visitor = app.visitor();
    let page = ask(&visitor, " Marketer@Example.com ").follow(&visitor);
    assert!(page.shows("If there is a dashboard user with this address, a link is on its way."));
    let page = set(&visitor, &link_to(&app, MAX), PASSWORD).follow(&visitor);
    assert!(page.shows("Your password is set. It is strong."), "{}", page.text());

    assert_eq!(marketer.get("/").status, 303);
    assert_eq!(try_password(&visitor, MAX, "muster-demo").status, 422);
    assert_eq!(try_password(&visitor, MAX, PASSWORD).status, 303);
    assert_eq!(audited(&app, "password reset"), 1);
    let told = "SELECT count(*) FROM message WHERE body LIKE 'Your password was reset by a link%'";
    assert_eq!(make::count(&app, told), 1);
}

#[test]
fn a_link_works_once_and_for_an_hour_and_the_newest_only() {
    let app = TestApp::start();
    app.marketer();
    ask(&app.visitor(), MAX);
    let first = link_to(&app, MAX);
    ask(&app.visitor(), MAX);
    let second = link_to(&app, MAX);
    assert!(app.visitor().get(&first).shows("This link no longer works"));
    app.clock.advance(Duration::minutes(59));
    assert_eq!(set(&app.visitor(), &second, "short").status, 422);
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let visits: Vec<_> = (0..4)
            .map(|n| {
                let (app, second) = (&app, &second);
                scope.spawn(move || {
                    let visitor = app.visitor();
                    let password = format!("{PASSWORD} {n}");
                    visitor.bypass(second, &[("password", &password)], "/sign-in").status
                })
            })
            .collect();
        visits.into_iter().map(|visit| visit.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
    assert!(app.visitor().get(&second).shows("This link no longer works"));
    assert_eq!(app.visitor().bypass(&second, &[("password", PASSWORD)], "/sign-in").status, 404);

    ask(&app.visitor(), MAX);
    app.clock.advance(Duration::minutes(60));
    assert!(app.visitor().get(&link_to(&app, MAX)).shows("This link no longer works"));
}

#[test]
fn known_and_unknown_addresses_get_the_same_answer() {
    let app = TestApp::start();
    app.marketer();
    app.make_account("gone@example.com", "Gone", muster::accounts::Role::Support);
    diesel::RunQueryDsl::execute(
        diesel::sql_query("UPDATE account SET disabled_at = now() WHERE email = 'gone@example.com'"),
        &mut app.conn(),
    )
    .unwrap();
    let answers: Vec<_> = [MAX, "nobody@example.com", "gone@example.com"]
        .iter()
        .map(|email| {
            let visitor = app.visitor();
            let page = ask(&visitor, email);
            let mut names: Vec<_> = page.headers.iter().map(|(name, _)| name.clone()).collect();
            names.sort();
            (page.status, page.location.clone(), names, page.follow(&visitor).text())
        })
        .collect();
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    assert_eq!(
        (messages(&app, MAX), messages(&app, "nobody@example.com"), messages(&app, "gone@example.com")),
        (1, 0, 0)
    );
    assert!(last_message(&app, MAX).contains("It works once, for an hour."));

    // and the same of a wrong password
    let answers: Vec<_> = [MAX, "nobody@example.com", "gone@example.com"]
        .iter()
        .map(|email| {
            let page = try_password(&app.visitor(), email, "wrong");
            (page.status, page.error_on("E-mail"))
        })
        .collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[test]
fn asking_for_links_is_throttled() {
    let app = TestApp::start();
    app.marketer();
    for email in [MAX, "nobody@example.com"] {
        for _ in 0..3 {
            assert_eq!(ask(&app.visitor(), email).status, 303);
        }
        assert_eq!(ask(&app.visitor(), email).status, 429, "{email}");
    }
    assert_eq!(messages(&app, MAX), 3);
    for n in 0..14 {
        assert_eq!(ask(&app.visitor(), &format!("user{n}@example.com")).status, 303);
    }
    assert_eq!(ask(&app.visitor(), "one.more@example.com").status, 429);
}
