//! Unsubscribing: by the button, by a mail program's one click, and taken back.

use super::told;
use crate::support::{TestApp, make};

fn state(app: &TestApp) -> String {
    make::text(
        app,
        "SELECT concat_ws(' ', delivery.state, reason, message.state, sms_consent, email_consent) FROM delivery JOIN message USING (member_id, campaign_id) JOIN member ON member.id = member_id",
    )
}

#[test]
fn one_click_ends_it_without_cookie_or_token() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let mail = make::campaign(&app, "Mail", "email").make();
    let path = format!("/c/{}/unsubscribe", told(&app, ann, mail, "email", "queued", ""));
    let program = app.visitor();
    let page = program.post(&path, &[("List-Unsubscribe", "One-Click")]);
    assert_eq!((page.status, page.header("set-cookie")), (200, None));
    assert_eq!(state(&app), "skipped unsubscribed skipped t f");
    assert_eq!(program.post(&path, &[("List-Unsubscribe", "One-Click")]).status, 200);
    assert_eq!(
        make::text(&app, "SELECT count(*) || source || min(campaign_id) FROM member_consent GROUP BY source"),
        format!("1unsubscribe{mail}")
    );
    assert!(
        app.support()
            .get(&format!("/user-support/{ann}/history"))
            .shows("E-mail consent withdrawn by the member, by the link in Mail")
    );
}

#[test]
fn the_page_says_what_ends_and_takes_it_back() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let sms = make::campaign(&app, "Coffee", "sms").make();
    let token = told(&app, ann, sms, "sms", "queued", "");
    let visitor = app.visitor();
    let page = visitor.get(&format!("/c/{token}")).click("No more SMS like this");
    assert_eq!(page.text_at("h1"), "No more SMS?");
    assert_eq!(state(&app), "seen queued t t", "opening the page changes nothing");
    let page = page.form("Unsubscribe").send();
    assert_eq!(page.text_at("h1"), "You get no more SMS");
    assert_eq!(state(&app), "seen skipped f t");
    let page = page.form("I did not mean it").send();
    assert_eq!(page.text_at("h1"), "You get SMS again");
    assert_eq!(state(&app), "seen queued t t");
}

#[test]
fn a_link_gives_back_only_what_it_took() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let sms = make::campaign(&app, "Coffee", "sms").make();
    let path = format!("/c/{}/unsubscribe", told(&app, ann, sms, "sms", "sent", ""));
    let visitor = app.visitor();
    visitor.post(&path, &[]);
    app.clock.advance(chrono::Duration::days(8));
    assert!(!visitor.get(&path).has_button("I did not mean it"));
    visitor.post(&path, &[("undo", "on")]);
    assert_eq!(state(&app), "sent sent f t");
    let without = make::member(&app, "Bob");
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE member SET sms_consent = false WHERE id = {without}")),
        &mut app.conn(),
    )
    .unwrap();
    let other = make::campaign(&app, "Tea", "sms").make();
    let path = format!("/c/{}/unsubscribe", told(&app, without, other, "sms", "sent", ""));
    visitor.post(&path, &[("undo", "on")]);
    assert_eq!(make::count(&app, &format!("SELECT count(*) FROM member WHERE id = {without} AND sms_consent")), 0);
    for unknown in ["/c/x/unsubscribe", "/c/0192f0c1-2222-7000-8000-000000000000/unsubscribe"] {
        assert_eq!((visitor.get(unknown).status, visitor.post(unknown, &[]).status), (404, 404));
    }
}
