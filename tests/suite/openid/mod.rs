//! Signing in by an OpenID Connect provider.

mod linking;
mod provider;
mod refusals;
mod roles;
mod signing_in;

use muster::openid::{OpenIdArgs, Provider as Configured};
use serde_json::{Value, json};

use self::provider::{CLIENT, Provider, SECRET};
use crate::support::TestApp;
use crate::support::page::Page;
use crate::support::visitor::Visitor;

/// The app with this provider, and what else is configured.
pub fn start(provider: &Provider, change: impl FnOnce(&mut OpenIdArgs)) -> TestApp {
    let mut args = OpenIdArgs {
        openid_issuer: Some(provider.issuer.clone()),
        openid_client_id: Some(CLIENT.into()),
        openid_client_secret: Some(SECRET.into()),
        openid_scopes: "email profile".into(),
        openid_label: "Sign in with Kestrel".into(),
        openid_role_claim: Some("groups".into()),
        openid_roles: ["it=admin", "marketing=marketer", "desk=support"].map(str::to_owned).to_vec(),
        openid_new_users: true,
        ..OpenIdArgs::default()
    };
    change(&mut args);
    TestApp::with_openid(move |url| Configured::new(args.config(url).unwrap().unwrap()))
}

/// Where the button on the sign-in page leads.
pub fn sent_to(visitor: &Visitor) -> String {
    let page = visitor.get("/sign-in").click("Sign in with Kestrel");
    assert_eq!(page.status, 303, "{}", page.text());
    page.location.unwrap()
}

/// There and back, as whom these claims say; those of Eva from marketing where nothing else is said.
pub fn sign_in(provider: &Provider, visitor: &Visitor, change: Value) -> Page {
    let mut claims = json!({ "groups": ["marketing"] });
    for (name, value) in change.as_object().unwrap() {
        claims[name] = value.clone();
    }
    let back = provider.let_in(&sent_to(visitor), claims, json!({}));
    visitor.get(&back)
}

/// What the sign-in page tells someone who was turned away.
pub fn told(page: &Page, visitor: &Visitor) -> String {
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/sign-in")), "{}", page.text());
    let page = page.follow(visitor);
    page.text_at(".flash")
}
