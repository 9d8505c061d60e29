//! Deleting one's account: the person goes, the numbers stay.

use chrono::Duration;

use super::issue;
use crate::support::{TestApp, make};

#[test]
fn deletion_asks_then_erases_and_keeps_the_numbers() {
    let app = TestApp::start();
    let member = make::member(&app, "Ann Adams");
    let other = make::member(&app, "Bob");
    let group = make::group(&app, "Regulars").make();
    let ended = make::group(&app, "Summer").between(app.now() - Duration::days(9), Some(app.now())).make();
    make::stay(&app, group, &[member, other]);
    make::stay(&app, ended, &[member]);
    let coffee = make::campaign(&app, "Coffee", "code").one_code("COFFEE", None).make();
    let tea = make::campaign(&app, "Tea", "app").make();
    let token = issue(&app, member, tea, "TEA1");
    let (ann, second) = (app.member(member), app.member(member));
    ann.get("/app/code").form("Use code").fill("Code", "COFFEE").send();

    let page = ann.get("/app/profile").click("Delete account");
    assert!(page.shows("This cannot be undone."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE name = 'Ann Adams'"), 1);
    let page = page.form("Delete account").send();
    assert_eq!(page.location.as_deref(), Some("/app/sign-in"));
    assert!(page.follow(&ann).shows("Your account is deleted."));

    for visitor in [&ann, &second] {
        assert_eq!(visitor.get("/app/coupons").status, 303);
    }
    for table in
        ["member", "message", "session", "code_attempt", "audit_entry", "membership", "delivery", "sign_in_code"]
    {
        for trace in ["Adams", "4915170000001", "member1@"] {
            let found =
                make::count(&app, &format!("SELECT count(*) FROM {table} WHERE {table}::text LIKE '%{trace}%'"));
            assert_eq!(found, 0, "{trace} in {table}");
        }
    }
    let count = |sql: &str| make::count(&app, sql);
    assert_eq!(count("SELECT count(*) FROM member"), 2);
    assert_eq!(count("SELECT count(*) FROM validation"), 1);
    assert_eq!(count("SELECT count(*) FROM membership WHERE left_at IS NULL"), 1);
    assert_eq!(count(&format!("SELECT sum(change) FROM member_group_count WHERE group_id = {group}")), 1);
    assert_eq!(count("SELECT count(*) FROM member_consent WHERE NOT granted AND source = 'app'"), 3);
    assert_eq!(count("SELECT count(*) FROM audit_entry WHERE action = 'account deleted'"), 1);
    assert_eq!(
        count(
            "SELECT count(*) FROM member WHERE email LIKE 'deleted-%@invalid' AND phone IS NULL AND blocked_at IS NOT NULL"
        ),
        1
    );
    assert_eq!(app.visitor().get(&format!("/c/{token}")).status, 410);
    let _ = coffee;

    // the phone number is free again, and nobody's
    app.clock.advance(Duration::minutes(16));
    let visitor = app.visitor();
    visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", "+4915170000001").send();
    assert_eq!(count("SELECT count(*) FROM message WHERE recipient = '+4915170000001'"), 0);
}
