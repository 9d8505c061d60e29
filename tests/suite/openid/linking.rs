//! One's account here, and who one is at the provider.

use serde_json::json;

use super::provider::Provider;
use super::{sent_to, sign_in, start, told};
use crate::accounts::{audited, last_message, messages, try_password};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";

/// From My account to the provider: where it leads.
fn link_from(visitor: &Visitor) -> String {
    let page = visitor.get("/my-account").click("Link").form("Go on").fill("Current password", "muster-demo").send();
    assert_eq!(page.status, 200, "{}", page.text());
    page.link("Sign in with Kestrel")
}

fn link(provider: &Provider, visitor: &Visitor, sub: &str) -> Page {
    let back = provider.let_in(&link_from(visitor), json!({ "sub": sub, "email": null }), json!({}));
    visitor.get(&back).follow(visitor)
}

fn without_map(args: &mut muster::openid::OpenIdArgs) {
    (args.openid_role_claim, args.openid_new_users) = (None, false);
    args.openid_roles.clear();
}

#[test]
fn one_links_ones_own_account_after_the_password() {
    let provider = Provider::start();
    let app = start(&provider, without_map);
    let (marketer, other) = (app.marketer(), app.marketer());
    let form = marketer.get("/my-account").click("Link").form("Go on");
    assert!(form.fill("Current password", "wrong").send().error_on("Current password").contains("not your current"));
    let page = link(&provider, &marketer, "max-there");
    assert!(page.shows("Your organisation’s sign-in is linked"), "{}", page.text());
    assert_eq!((marketer.get("/").status, other.get("/").status), (200, 303), "the other sessions end");
    assert!(last_message(&app, MAX).contains("Your organisation’s sign-in was linked to your account."));
    assert_eq!(audited(&app, "sign-in linked"), 1);

    let visitor = app.visitor();
    assert_eq!(
        sign_in(&provider, &visitor, json!({ "sub": "max-there", "email": null })).location.as_deref(),
        Some("/")
    );
    assert!(visitor.get("/").shows("Max Marketer"));
    // it belongs to one
    let support = app.support();
    assert!(link(&provider, &support, "max-there").shows("This sign-in belongs to another dashboard user."));
    assert!(app.visitor().get("/").status == 303 && support.get("/").shows("Sue Support"));

    let form = marketer.get("/my-account").click("Unlink").form("Unlink");
    let page = form.fill("Current password", "muster-demo").send().follow(&marketer);
    assert!(page.shows("no longer signs you in"));
    assert_eq!(audited(&app, "sign-in unlinked"), 1);
    let gone = app.visitor();
    let page = sign_in(&provider, &gone, json!({ "sub": "max-there" }));
    assert!(told(&page, &gone).contains("You are not a dashboard user here."));
}

#[test]
fn a_link_that_another_began_is_not_ones_own() {
    let provider = Provider::start();
    let app = start(&provider, without_map);
    let marketer = app.marketer();
    // an attacker's identity is to be linked to someone who is signed in: the browser that began is another
    let attacker = app.support();
    let back = provider.let_in(&link_from(&attacker), json!({ "sub": "evil" }), json!({}));
    let page = marketer.get(&back).follow(&marketer);
    assert!(page.location.is_some() || page.text().contains("Overview") || page.status == 303, "{}", page.text());
    assert_eq!(make::count(&app, "SELECT count(*) FROM openid_identity"), 0);
    // signed out meanwhile: nothing is linked, nobody is in
    let back = provider.let_in(&link_from(&marketer), json!({ "sub": "max" }), json!({}));
    marketer.get("/").form("Sign out").send();
    assert!(told(&marketer.get(&back), &marketer).contains("That took too long, or was used already."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM openid_identity"), 0);
}

#[test]
fn a_verified_address_links_where_that_is_wanted() {
    let provider = Provider::start();
    let without = start(&provider, without_map);
    without.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    let visitor = without.visitor();
    let page = sign_in(&provider, &visitor, json!({ "email": MAX }));
    assert!(told(&page, &visitor).contains("Sign in with your password, and link the two under My account."));

    let with = start(&provider, |args| {
        without_map(args);
        args.openid_link_by_email = true;
    });
    with.make_account(MAX, "Max", muster::accounts::Role::Marketer);
    let visitor = with.visitor();
    assert_eq!(sign_in(&provider, &visitor, json!({ "email": "Marketer@Example.com" })).location.as_deref(), Some("/"));
    assert_eq!((audited(&with, "sign-in linked"), messages(&with, MAX)), (1, 1));
    // someone else there who gets that address later is not Max
    let visitor = with.visitor();
    let page = sign_in(&provider, &visitor, json!({ "sub": "later", "email": MAX }));
    assert!(told(&page, &visitor).contains("There is a dashboard user with your e-mail address."));
}

#[test]
fn passwords_end_for_those_who_are_linked_where_that_is_wanted() {
    let provider = Provider::start();
    let app = start(&provider, |args| {
        without_map(args);
        args.openid_only = true;
    });
    let marketer = app.marketer();
    link(&provider, &marketer, "max-there");
    let page = try_password(&app.visitor(), MAX, "muster-demo");
    assert_eq!(page.status, 422);
    assert!(page.error_on("E-mail").contains("Your password no longer signs you in. Use “Sign in with Kestrel”"));
    let wrong = try_password(&app.visitor(), MAX, "wrong");
    assert!(wrong.error_on("E-mail").contains("E-mail or password is wrong"), "who does not know it learns nothing");
    let before = messages(&app, MAX);
    app.visitor().get("/password-reset").form("Send link").fill("E-mail", MAX).send();
    assert_eq!(messages(&app, MAX), before, "no link that would set one");
    assert_eq!(sign_in(&provider, &app.visitor(), json!({ "sub": "max-there" })).location.as_deref(), Some("/"));
    // others are as they were
    app.support();
    assert!(!sent_to(&app.visitor()).is_empty());
}

#[test]
fn a_passkey_alone_ends_with_the_password() {
    use crate::accounts::passkey_key::{Key, asked, post};
    let provider = Provider::start();
    let app = start(&provider, |args| {
        without_map(args);
        args.openid_only = true;
    });
    let app: TestApp = app;
    let marketer = app.marketer();
    let key = Key::new(&app.muster.config.public_url, 1);
    let new = "/my-account/passkeys/new";
    let challenge = asked(&marketer, new, "/my-account/passkeys/challenge", &[]);
    let fields = [vec![("name", "Phone".into()), ("current", "muster-demo".into())], key.made(&challenge)].concat();
    assert_eq!(post(&marketer, new, new, &fields).status, 200);
    let by_passkey = || {
        let visitor = app.visitor();
        let challenge = asked(&visitor, "/sign-in", "/sign-in/passkey/challenge", &[]);
        post(&visitor, "/sign-in", "/sign-in/passkey", &key.answer(&challenge)).location
    };
    assert_eq!(by_passkey().as_deref(), Some("/"));
    link(&provider, &marketer, "max-there");
    assert_eq!(by_passkey().as_deref(), Some("/sign-in"));
}
