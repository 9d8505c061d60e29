//! Name, contacts, consents.

use super::{last_code, run};
use crate::support::{TestApp, make};

#[test]
fn name_and_consents_are_saved_with_their_history() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let page = ann.get("/app/profile");
    assert_eq!(page.value("Phone"), "+49 1517 0000001");
    assert!(page.is_ticked("SMS"));
    let page = page.form("Save changes").fill("Name", " Änn ☕ ").untick("SMS").untick("Push notifications").send();
    assert!(page.follow(&ann).shows("Profile saved."));
    let page = ann.get("/app/profile");
    assert_eq!(page.value("Name"), "Änn ☕");
    assert!(!page.is_ticked("SMS") && page.is_ticked("E-mail messages"));
    let history = "SELECT string_agg(channel || granted || source, ' ' ORDER BY channel) FROM member_consent";
    assert_eq!(make::text(&app, history), "pushfalseapp smsfalseapp");
    // nothing changed, nothing noted
    ann.get("/app/profile").form("Save changes").send();
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_consent"), 2);
    app.clock.advance(chrono::Duration::minutes(1));
    ann.get("/app/profile").form("Save changes").tick("SMS").send();
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_consent WHERE granted AND channel = 'sms'"), 1);
}

#[test]
fn what_cannot_be_saved() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let long = "x".repeat(121);
    for (label, typed, error) in [
        ("Name", " ", "Enter your name"),
        ("Name", long.as_str(), "Use at most 120 characters"),
        ("Name", "a\u{7}b", "Remove the control characters: type the text, or paste it as plain text"),
        ("Phone", "12", "Enter a phone number with its country code, like +49 1512 3456789"),
        ("E-mail", "<b>@x", "Enter an e-mail address like name@example.com"),
    ] {
        let page = ann.get("/app/profile").form("Save changes").fill(label, typed).untick("SMS").send();
        assert_eq!(page.status, 422, "{typed}");
        assert_eq!(page.error_on(label), format!("Error: {error}"));
        assert_eq!(page.value(label), typed);
        assert!(!page.is_ticked("SMS"));
    }
    let page = ann.get("/app/profile").form("Save changes").fill("Phone", "").fill("E-mail", "").send();
    assert_eq!(page.error_on("Phone"), "Error: Enter a phone number or an e-mail address: you sign in with it");
    let both =
        ann.get("/app/profile").form("Save changes").fill("Phone", "+4915170999999").fill("E-mail", "n@x.example");
    assert!(both.send().error_on("E-mail").contains("first"));
    let swap = ann.get("/app/profile").form("Save changes").fill("Phone", "+4915170999999").fill("E-mail", "");
    assert!(swap.send().error_on("E-mail").contains("until the new phone number is confirmed"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE name = 'Ann' AND sms_consent"), 1);
}

#[test]
fn a_contact_can_be_let_go() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    ann.get("/app/profile").form("Save changes").fill("Phone", "").send();
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE phone IS NULL AND email IS NOT NULL"), 1);
}

#[test]
fn a_new_contact_is_confirmed_by_a_code() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let page =
        ann.get("/app/profile").form("Save changes").fill("E-mail", "New@Example.com").fill("Name", "Anna").send();
    let page = page.follow(&ann);
    assert!(page.shows("new@example.com"));
    assert_eq!(make::text(&app, "SELECT name || ' ' || email FROM member"), "Anna member1@example.com");
    let code = last_code(&app, "new@example.com").unwrap();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    let refused = page.form("Confirm").fill("Code", wrong).send();
    assert_eq!(refused.status, 422);
    assert!(refused.error_on("Code").starts_with("Error: This code is wrong or too old."));
    let page = page.form("Confirm").fill("Code", &code).send();
    assert!(page.follow(&ann).shows("Profile saved."));
    assert_eq!(make::text(&app, "SELECT email FROM member"), "new@example.com");
}

#[test]
fn a_code_for_a_contact_is_the_member_s_and_soon_too_old() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    let page = ann.get("/app/profile").form("Save changes").fill("Phone", "0151 70 999 999").send().follow(&ann);
    let code = last_code(&app, "+4915170999999").unwrap();
    for _ in 0..5 {
        assert_eq!(page.form("Confirm").fill("Code", "000000").send().status, 422);
    }
    assert_eq!(page.form("Confirm").fill("Code", &code).send().status, 429);
    app.clock.advance(chrono::Duration::minutes(11));
    assert_eq!(page.form("Confirm").fill("Code", &code).send().status, 422);
    assert_eq!(make::text(&app, "SELECT phone FROM member"), "+4915170000001");
}

#[test]
fn another_member_s_contact_is_refused_to_its_owner_only() {
    let app = TestApp::start();
    let ann = app.member(make::member(&app, "Ann"));
    make::member(&app, "Bob");
    let page = ann.get("/app/profile").form("Save changes").fill("E-mail", "member2@example.com").send();
    let page = page.follow(&ann);
    let code = last_code(&app, "member2@example.com").unwrap();
    let page = page.form("Confirm").fill("Code", &code).send();
    assert_eq!(page.status, 422);
    assert!(page.error_on("Code").contains("Another account has this already."));
    run(&app, "DELETE FROM throttle");
}
