//! Blocking a member, and lifting it.

use crate::support::{TestApp, make};

#[test]
fn a_member_is_blocked_and_unblocked_with_a_reason() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let page = agent.get(&format!("/user-support/{ann}")).click("Block");
    assert_eq!(page.text_at("h1"), "Block Ann Abel");
    let page = page.form("Block member").fill("Reason", "Sells coupons").send().follow(&agent);
    assert_eq!(page.text_at(".flash"), "Ann Abel is blocked.");
    assert!(page.shows("Blocked since 24 Nov 2026, 11:00") && page.shows("Sells coupons"));
    assert!(page.texts_at(".history p").contains(&"Blocked by Sue Support : Sells coupons".to_owned()));

    let page = page.click("Unblock").form("Unblock member").fill("Reason", "Was a mistake").send().follow(&agent);
    assert_eq!(page.text_at(".flash"), "Ann Abel is no longer blocked.");
    assert!(page.has_link("Block") && page.shows("Was a mistake"));
    let actions = make::text(
        &app,
        "SELECT string_agg(action || ' ' || (after ->> 'reason'), ', ' ORDER BY id) FROM audit_entry WHERE subject_kind = 'member'",
    );
    assert_eq!(actions, "member blocked Sells coupons, member unblocked Was a mistake");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE blocked_at IS NOT NULL"), 0);
}

#[test]
fn a_reason_is_needed() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    for (reason, message) in [
        (String::new(), "Error: Enter why the member is blocked"),
        ("  \u{200b}".into(), "Error: Enter why the member is blocked"),
        ("x".repeat(201), "Error: Use at most 200 characters"),
        ("a\u{7}".into(), "Error: Remove the control characters: type the text, or paste it as plain text"),
    ] {
        let page = agent.get(&format!("/user-support/{ann}/block")).form("Block member").fill("Reason", &reason).send();
        assert_eq!((page.status, page.error_on("Reason").as_str()), (422, message));
        assert_eq!(page.value("Reason"), reason);
    }
    let page = agent.get(&format!("/user-support/{ann}/unblock")).form("Unblock member").send();
    assert_eq!(page.error_on("Reason"), "Error: Enter why the block is lifted");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE blocked_at IS NOT NULL"), 0);
}

#[test]
fn twice_is_once() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let form = agent.get(&format!("/user-support/{ann}/block")).form("Block member").fill("Reason", "first");
    let again = form.clone().fill("Reason", "second");
    assert_eq!(form.send().status, 303);
    let page = again.send().follow(&agent);
    assert_eq!(page.text_at(".flash"), "Ann Abel is already blocked. Nothing was changed.");
    assert_eq!(make::text(&app, "SELECT blocked_reason FROM member"), "first");
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'member blocked'"), 1);
}
