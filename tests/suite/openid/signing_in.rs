//! There and back.

use chrono::Duration;
use serde_json::json;

use super::provider::{Provider, fields};
use super::{sent_to, sign_in, start, told};
use crate::accounts::{add_app, audited, code, try_code, try_password};
use crate::support::{TestApp, make};

#[test]
fn a_newcomer_with_a_role_is_in_and_stays_the_same_person() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let visitor = app.visitor();
    let page = visitor.get("/campaigns?kind=coupon").follow(&visitor).click("Sign in with Kestrel");
    let back = provider.let_in(&page.location.unwrap(), json!({ "groups": ["desk", "marketing"] }), json!({}));
    let page = visitor.get(&back);
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/campaigns?kind=coupon")), "{}", page.text());
    assert!(visitor.get("/").shows("Eva Eager"));
    assert_eq!(visitor.get("/campaigns").status, 200);
    assert_eq!(visitor.get("/settings/dashboard-users").status, 403);
    let with = "SELECT after->>'with' FROM audit_entry WHERE action = 'signed in'";
    assert_eq!(make::text(&app, with), "OpenID Connect");
    assert_eq!(audited(&app, "dashboard user joined"), 1);

    // another address, another name: the same person
    let again = app.visitor();
    sign_in(&provider, &again, json!({ "email": "eva.other@example.com", "name": "Eva Other" }));
    assert!(again.get("/").shows("Eva Eager"));
    // the same address, someone else
    let other = app.visitor();
    let page = sign_in(&provider, &other, json!({ "sub": "person-2" }));
    assert!(told(&page, &other).contains("There is a dashboard user with your e-mail address."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM account"), 1);
    // they have no password that could be guessed or reset
    assert_eq!(try_password(&app.visitor(), "eva@example.com", "muster-demo").status, 422);
    assert!(visitor.get("/my-account").shows("You have none: your organisation’s sign-in lets you in."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM openid_attempt"), 0);
}

#[test]
fn what_goes_out_is_bound_to_the_visitor_and_new_each_time() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let (first, second) = (fields(&sent_to(&app.visitor())), fields(&sent_to(&app.visitor())));
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(first[name], second[name], "{name}");
        assert!(first[name].len() >= 43, "{name}");
    }
    assert_eq!(first["redirect_uri"], format!("{}/sign-in/openid/callback", app.muster.config.public_url));
    assert_eq!(first["scope"], "openid email profile");
    assert!(!first.values().any(|value| value.contains("s3cret")));
    let stored = make::text(&app, "SELECT string_agg(openid_attempt::text, ' ') FROM openid_attempt");
    assert!(!stored.contains(&first["state"]) && !stored.contains(&first["nonce"]));
}

#[test]
fn without_a_provider_there_is_no_button_and_no_address() {
    let app = TestApp::start();
    assert!(!app.visitor().get("/sign-in").has_link("Sign in with Kestrel"));
    for path in ["/sign-in/openid", "/sign-in/openid/callback"] {
        assert_eq!(app.visitor().get(path).status, 404, "{path}");
    }
    assert_eq!(app.marketer().get("/my-account/openid").status, 404);
}

#[test]
fn what_the_token_leaves_out_is_asked_for() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    let visitor = app.visitor();
    let thin = json!({ "email": null, "email_verified": null, "name": null });
    let more = json!({ "email": "eva@example.com", "email_verified": true, "name": "Eva", "groups": ["it"] });
    let back = provider.let_in(&sent_to(&visitor), thin.clone(), more.clone());
    assert_eq!(visitor.get(&back).location.as_deref(), Some("/"));
    assert_eq!(visitor.get("/settings/dashboard-users").status, 200);
    // of someone else: not believed
    let mut of_another = more;
    of_another["sub"] = json!("person-9");
    let other = app.visitor();
    let back = provider.let_in(&sent_to(&other), json!({ "sub": "person-3", "email": null }), of_another);
    assert!(told(&other.get(&back), &other).contains("was not accepted"));
}

#[test]
fn a_second_factor_here_is_asked_all_the_same() {
    let provider = Provider::start();
    let app = start(&provider, |args| args.openid_link_by_email = true);
    let (seed, _) = add_app(&app, &app.marketer());
    app.clock.advance(Duration::minutes(1));
    let visitor = app.visitor();
    let page = sign_in(&provider, &visitor, json!({ "email": "marketer@example.com" }));
    assert_eq!(page.location.as_deref(), Some("/sign-in/second-factor"), "{}", page.text());
    assert_eq!(visitor.get("/").status, 303);
    assert_eq!(try_code(&visitor, &code(&seed, app.now())).location.as_deref(), Some("/"));
    let with = "SELECT after->>'with' FROM audit_entry WHERE action = 'signed in' ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, with), "OpenID Connect and app");
}

#[test]
fn keys_that_change_are_followed_and_not_asked_for_again_and_again() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    sign_in(&provider, &app.visitor(), json!({}));
    sign_in(&provider, &app.visitor(), json!({}));
    assert_eq!(provider.asked_for("/keys"), 1, "what it says is kept for a while");
    provider.rotate();
    let visitor = app.visitor();
    let page = sign_in(&provider, &visitor, json!({}));
    assert!(told(&page, &visitor).contains("was not accepted"));
    assert_eq!(provider.asked_for("/keys"), 1, "not asked for again at once");
    app.clock.advance(Duration::seconds(10));
    assert_eq!(sign_in(&provider, &visitor, json!({})).location.as_deref(), Some("/"), "the new key is found");
    assert_eq!(provider.asked_for("/keys"), 2);
}

#[test]
fn a_provider_that_is_away_is_told_and_passwords_still_work() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    provider.set_away(true);
    let visitor = app.visitor();
    let page = visitor.get("/sign-in").click("Sign in with Kestrel");
    assert!(told(&page, &visitor).contains("Your organisation’s sign-in cannot be reached."));
    app.marketer();
    provider.set_away(false);
    assert_eq!(sign_in(&provider, &visitor, json!({})).location.as_deref(), Some("/"));
}
