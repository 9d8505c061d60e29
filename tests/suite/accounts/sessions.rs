//! A session is worth something only while it lives, and only to whom it was given.

use super::{add_app, try_password};
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

/// The value of a cookie.
fn cookie(cookies: &str, name: &str) -> String {
    cookies.split("; ").find_map(|cookie| cookie.strip_prefix(&format!("{name}="))).unwrap_or_default().to_owned()
}

#[test]
fn a_session_planted_before_signing_in_is_worth_nothing() {
    let app = TestApp::start();
    // the attacker's own session, planted into the victim's browser
    let attacker = app.support();
    let planted = format!("muster_session={}", cookie(&attacker.cookies(), "muster_session"));
    app.make_account(MAX, "Max Marketer", muster::accounts::Role::Marketer);
    attacker.get("/").form("Sign out").send();
    let victim = app.visitor();
    let token = victim.get("/sign-in").hidden("csrf");
    let visitor = cookie(&victim.cookies(), "muster_visitor");
    let body = serde_html_form::to_string([("csrf", &*token), ("email", MAX), ("password", "muster-demo")]).unwrap();
    let answer = ureq::post(victim.url("/sign-in"))
        .config()
        .max_redirects(0)
        .max_redirects_will_error(false)
        .build()
        .header("cookie", format!("{planted}; muster_visitor={visitor}"))
        .content_type("application/x-www-form-urlencoded")
        .send(body)
        .unwrap();
    assert_eq!(answer.status(), 303);
    let fresh: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    let fresh = fresh.iter().find(|value| value.starts_with("muster_session=")).expect("a new session cookie");
    assert!(!fresh.starts_with(&planted));
    assert_eq!(app.visitor().get_with("/", "cookie", &planted).status, 303, "the planted one opens nothing");
}

#[test]
fn a_new_sign_in_is_a_new_session() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let first = cookie(&marketer.cookies(), "muster_session");
    let keys = || make::text(&app, "SELECT string_agg(encode(key_hash, 'hex'), ' ') FROM session");
    let before = keys();
    // signing in over a session that lives
    let token = marketer.get("/my-account").hidden("csrf");
    marketer.post("/sign-in", &[("csrf", &token), ("email", MAX), ("password", "muster-demo")]);
    assert_ne!(cookie(&marketer.cookies(), "muster_session"), first);
    assert_ne!(keys(), before);
    let old = format!("muster_session={first}");
    assert_eq!(app.visitor().get_with("/", "cookie", &old).status, 303);
}

#[test]
fn an_old_cookie_opens_nothing_after_signing_out() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let cookies = marketer.cookies();
    assert_eq!(app.visitor().get_with("/", "cookie", &cookies).status, 200);
    marketer.get("/").form("Sign out").send();
    assert_eq!(app.visitor().get_with("/", "cookie", &cookies).status, 303);
}

#[test]
fn a_new_factor_ends_the_other_sessions() {
    let app = TestApp::start();
    let (marketer, other) = (app.marketer(), app.marketer());
    add_app(&app, &marketer);
    assert_eq!((marketer.get("/").status, other.get("/").status), (200, 303));
}

#[test]
fn the_first_half_of_a_sign_in_ends_with_the_password_that_began_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (_, codes) = add_app(&app, &marketer);
    let thief = app.visitor();
    try_password(&thief, MAX, "muster-demo");
    let form = marketer.get("/my-account/password").form("Change password");
    form.fill("Current password", "muster-demo").fill("New password", super::PASSWORD).send();
    assert_eq!(super::try_code(&thief, &codes[0]).location.as_deref(), Some("/sign-in"));
    assert_eq!(thief.get("/").status, 303);
}

#[test]
fn one_goes_on_inside_this_site_only() {
    let app = TestApp::start();
    app.marketer();
    for next in
        ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""]
    {
        let visitor = app.visitor();
        let form = visitor.get("/sign-in").form("Sign in").fill("E-mail", MAX).fill("Password", "muster-demo");
        assert_eq!(form.smuggle("next", next).send().location.as_deref(), Some("/"), "{next}");
    }
}
