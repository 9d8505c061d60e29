//! What the provider says decides what one may do here, at each sign-in.

use serde_json::json;

use super::provider::Provider;
use super::{sign_in, start, told};
use crate::accounts::{audited, path};
use crate::support::{TestApp, make};
use muster::accounts::Role;

fn role(app: &TestApp) -> String {
    make::text(app, "SELECT role FROM account WHERE email = 'eva@example.com'")
}

#[test]
fn roles_follow_at_each_sign_in() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    app.admin();
    for (groups, expected) in
        [(json!(["desk"]), "support"), (json!(["desk", "it"]), "admin"), (json!("marketing"), "marketer")]
    {
        let visitor = app.visitor();
        let page = sign_in(&provider, &visitor, json!({ "groups": groups }));
        assert_eq!(page.location.as_deref(), Some("/"), "{}", page.text());
        assert_eq!(role(&app), expected);
    }
    assert_eq!(audited(&app, "dashboard user changed"), 2);
    let entry = "SELECT before->>'role' || ' ' || (after->>'role') FROM audit_entry
        WHERE action = 'dashboard user changed' ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, entry), "admin marketer");
    let who = "SELECT actor || ' ' || address FROM audit_entry WHERE action = 'dashboard user changed' LIMIT 1";
    assert_eq!(make::text(&app, who), "OpenID Connect 127.0.0.1");
    // none of them any more: out, and as they were
    for groups in [json!([]), json!(["strangers"]), json!(null), json!(7)] {
        let visitor = app.visitor();
        let page = sign_in(&provider, &visitor, json!({ "groups": groups }));
        assert!(told(&page, &visitor).contains("gives you no role here"));
    }
    assert_eq!(role(&app), "marketer");
}

#[test]
fn the_last_admin_stays_one_whatever_the_provider_says() {
    let provider = Provider::start();
    let app = start(&provider, |_| {});
    sign_in(&provider, &app.visitor(), json!({ "groups": ["it"] }));
    let visitor = app.visitor();
    let page = sign_in(&provider, &visitor, json!({ "groups": ["desk"] }));
    assert!(told(&page, &visitor).contains("You are the last Admin here"));
    assert_eq!(role(&app), "admin");
    sign_in(&provider, &app.visitor(), json!({ "sub": "person-2", "email": "ben@example.com", "groups": ["it"] }));
    assert_eq!(sign_in(&provider, &app.visitor(), json!({ "groups": ["desk"] })).location.as_deref(), Some("/"));
    assert_eq!(role(&app), "support");
}

#[test]
fn who_is_disabled_stays_out() {
    let provider = Provider::start();
    let app = start(&provider, |args| args.openid_link_by_email = true);
    let admin = app.admin();
    let eva = app.visitor();
    sign_in(&provider, &eva, json!({}));
    assert_eq!(eva.get("/").status, 200);
    let page = admin.get(&path(&app, "eva@example.com")).click("Disable").form("Disable").send();
    assert_eq!(page.status, 303);
    assert_eq!(eva.get("/").status, 303);
    for claims in [json!({}), json!({ "sub": "person-2" })] {
        let visitor = app.visitor();
        let page = sign_in(&provider, &visitor, claims);
        assert!(told(&page, &visitor).contains("Your access here is disabled."));
    }
}

#[test]
fn unknown_people_stay_out_unless_they_are_wanted() {
    let provider = Provider::start();
    let app = start(&provider, |args| args.openid_new_users = false);
    let visitor = app.visitor();
    let page = sign_in(&provider, &visitor, json!({ "groups": ["it"] }));
    assert!(told(&page, &visitor).contains("You are not a dashboard user here."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM account"), 0);
}

#[test]
fn without_a_map_roles_are_kept_here() {
    let provider = Provider::start();
    let app = start(&provider, |args| {
        (args.openid_role_claim, args.openid_new_users, args.openid_link_by_email) = (None, false, true);
        args.openid_roles.clear();
    });
    app.make_account("eva@example.com", "Eva", Role::Support);
    let visitor = app.visitor();
    assert_eq!(sign_in(&provider, &visitor, json!({ "groups": ["it"] })).location.as_deref(), Some("/"));
    assert_eq!(role(&app), "support");
}
