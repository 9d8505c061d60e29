//! Signing in and out, and who may go where.

use chrono::Duration;

use crate::support::TestApp;

#[test]
fn signing_in_leads_to_where_one_wanted_to_go() {
    let app = TestApp::start();
    app.marketer();
    let visitor = app.visitor();

    let refused = visitor.get("/?from=mail");
    assert_eq!(refused.status, 303);
    let page = refused.follow(&visitor);
    let page = page.form("Sign in").fill("E-mail", " Marketer@Example.com ").fill("Password", "muster-demo").send();

    assert_eq!(page.location.as_deref(), Some("/?from=mail"));
    assert!(page.follow(&visitor).shows("Overview"));
}

#[test]
fn a_wrong_password_says_so_and_keeps_the_e_mail() {
    let app = TestApp::start();
    app.marketer();
    for email in ["marketer@example.com", "nobody@example.com"] {
        let page = app.visitor().get("/sign-in").form("Sign in").fill("E-mail", email).fill("Password", "wrong").send();
        assert_eq!(page.status, 422);
        assert_eq!(page.error_on("E-mail"), "Error: E-mail or password is wrong. Check both and try again.");
        assert_eq!(page.value("E-mail"), email);
        assert_eq!(page.value("Password"), "");
    }
}

#[test]
fn guessing_passwords_is_throttled() {
    let app = TestApp::start();
    app.marketer();
    let guess = |password: &str| {
        let page = app.visitor().get("/sign-in");
        page.form("Sign in").fill("E-mail", "marketer@example.com").fill("Password", password).send()
    };
    for _ in 0..10 {
        assert_eq!(guess("wrong").status, 422);
    }
    let refused = guess("muster-demo");
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
    app.clock.advance(Duration::minutes(16));
    assert_eq!(guess("muster-demo").status, 303);
}

#[test]
fn signing_out_ends_the_session_in_the_database() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let home = marketer.get("/");
    assert_eq!(home.form("Sign out").send().status, 303);
    assert_eq!(marketer.get("/").status, 303);
    assert_eq!(crate::support::make::count(&app, "SELECT count(*) FROM session"), 0);
}

#[test]
fn a_session_ends_by_itself_and_with_its_account() {
    let app = TestApp::start();
    let marketer = app.marketer();
    app.clock.advance(Duration::hours(13));
    assert_eq!(marketer.get("/").status, 303);

    let support = app.support();
    use diesel::prelude::*;
    use muster::schema::account;
    diesel::update(account::table).set(account::disabled_at.eq(app.now())).execute(&mut app.conn()).unwrap();
    assert_eq!(support.get("/").status, 303);
}

#[test]
fn a_form_without_its_token_or_from_another_site_is_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    assert_eq!(marketer.post("/sign-out", &[]).status, 403);
    assert_eq!(marketer.post("/sign-out", &[("csrf", "x")]).status, 403);
    assert_eq!(app.visitor().post("/sign-in", &[("email", "a@example.com"), ("password", "x")]).status, 403);
    assert_eq!(marketer.get("/").status, 200);
}

#[test]
fn every_answer_is_strict() {
    let app = TestApp::start();
    for path in ["/sign-in", "/nowhere", "/healthz", "/organisation.css"] {
        let page = app.visitor().get(path);
        let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("{path}"));
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn the_theme_can_be_chosen_without_a_script() {
    let app = TestApp::start();
    let marketer = app.marketer();
    assert!(!marketer.get("/").html.contains("data-bs-theme=\"dark\""));
    assert_eq!(marketer.get("/").form("Dark").send().status, 303);
    assert!(marketer.get("/").html.contains("data-bs-theme=\"dark\""));
}
