//! Who may do what in User support.

use crate::support::{TestApp, make};

#[test]
fn every_role_may_do_all_of_user_support() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann Abel");
    make::group(&app, "Tea lovers").make();
    for who in [app.admin(), app.marketer(), app.support()] {
        for path in ["", "/user-groups", "/history", "/content", "/block", "/unblock"] {
            assert_eq!(who.get(&format!("/user-support/{ann}{path}")).status, 200, "{path}");
        }
        let form = who.get(&format!("/user-support/{ann}/user-groups")).form("SAVE");
        assert_eq!(form.clone().tick("Tea lovers").send().status, 303);
        let form = who.get(&format!("/user-support/{ann}/user-groups")).form("SAVE");
        assert_eq!(form.untick("Tea lovers").send().status, 303);
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'user groups changed'"), 6);
}

#[test]
fn who_is_not_signed_in_sees_and_changes_nothing() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make().to_string();
    let visitor = app.visitor();
    for path in [
        "/user-support",
        "/user-support?q=ann",
        &format!("/user-support/{ann}"),
        &format!("/user-support/{ann}/user-groups"),
    ] {
        let page = visitor.get(path);
        assert_eq!(page.status, 303, "{path}");
        assert!(page.location.unwrap().starts_with("/sign-in?next="), "{path}");
    }
    for path in ["user-groups", "block", "unblock"] {
        let fields = [("groups", tea.as_str()), ("reason", "x")];
        let page = visitor.bypass(&format!("/user-support/{ann}/{path}"), &fields, "/sign-in");
        assert_eq!((page.status, page.location.as_deref()), (303, Some("/sign-in")), "{path}");
    }
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM membership")
            + make::count(&app, "SELECT count(*) FROM member WHERE blocked_at IS NOT NULL"),
        0
    );
}

#[test]
fn a_form_without_its_token_changes_nothing() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make().to_string();
    for path in ["user-groups", "block", "unblock"] {
        let page = agent.post(&format!("/user-support/{ann}/{path}"), &[("groups", &tea), ("reason", "x")]);
        assert_eq!(page.status, 403, "{path}");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership"), 0);
}
