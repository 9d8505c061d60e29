//! Adding members.

use crate::support::page::FormSheet;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn form(who: &Visitor) -> FormSheet {
    who.get("/members").click("Add member").form("Add member")
}

#[test]
fn a_member_is_added_with_consents() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = form(&marketer)
        .fill("Name", " Ana Söderström ")
        .fill("Phone", "0151 23456789")
        .fill("E-mail", "ANA@Example.com");
    let added = form.tick("SMS consent").tick("Push consent").send();
    assert_eq!(added.status, 303, "{}", added.text());
    let page = added.follow(&marketer);
    assert_eq!(page.text_at(".flash"), "Ana Söderström was added.");
    assert_eq!(page.text_at("h1"), "Ana Söderström");
    let stored = make::text(
        &app,
        "SELECT concat_ws(' ', name, phone, email, sms_consent, email_consent, push_consent) FROM member",
    );
    assert_eq!(stored, "Ana Söderström +4915123456789 ana@example.com t f t");
    let consents = make::text(
        &app,
        "SELECT string_agg(channel || ' ' || granted || ' ' || source || ' ' || account.name, ', ' ORDER BY channel) FROM member_consent JOIN account ON account.id = account_id",
    );
    assert_eq!(consents, "push true support Max Marketer, sms true support Max Marketer");
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM audit_entry WHERE action = 'member added' AND subject_name = 'Ana Söderström'"
        ),
        1
    );
    assert_eq!(make::count(&app, "SELECT sum(change) FROM member_count"), 1);
}

#[test]
fn a_phone_or_an_e_mail_is_enough() {
    let app = TestApp::start();
    let marketer = app.marketer();
    assert_eq!(form(&marketer).fill("Name", "محمد 🎉").fill("Phone", "+1 212 555 0123").send().status, 303);
    assert_eq!(
        form(&marketer).fill("Name", "'; DROP TABLE member; --").fill("E-mail", "b@example.com").send().status,
        303
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE phone IS NULL OR email IS NULL"), 2);
}

#[test]
fn every_rule_is_told_and_nothing_typed_is_lost() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let long = "x".repeat(121);
    for (field, value, message) in [
        ("Name", "", "Enter a name"),
        ("Name", " \u{200b}", "Enter a name"),
        ("Name", &long, "Use at most 120 characters"),
        ("Name", "a\u{1b}b", "Remove the control characters: type the text, or paste it as plain text"),
        ("Name", "a\nb", "Use a single line"),
        ("Phone", "12", "Enter a phone number with its country code, like +49 1512 3456789"),
        ("Phone", "call me", "Enter a phone number with its country code, like +49 1512 3456789"),
        ("E-mail", "ana@", "Enter an e-mail address like name@example.com"),
        ("E-mail", "<ana@example.com>", "Enter an e-mail address like name@example.com"),
    ] {
        let good = form(&marketer).fill("Name", "Ana").fill("Phone", "015123456789").fill("E-mail", "ana@example.com");
        let page = good.tick("E-mail consent").fill(field, value).send();
        assert_eq!((page.status, page.error_on(field)), (422, format!("Error: {message}")), "{field} {value:?}");
        let typed = if value == "a\nb" { "a\nb" } else { value };
        assert_eq!(page.value(field), typed);
        assert!(page.is_ticked("E-mail consent") && !page.is_ticked("SMS consent"));
    }
    let page = form(&marketer).send();
    assert_eq!(page.error_on("Name"), "Error: Enter a name");
    assert_eq!(page.error_on("Phone"), "Error: Enter a phone number or an e-mail address");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 0);
}

#[test]
fn a_phone_or_e_mail_that_is_taken_leads_to_who_has_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (ann, bob) = (make::member(&app, "Ann Abel"), make::member(&app, "Bob Beck"));
    let page = form(&marketer).fill("Name", "Ann").fill("Phone", "0049 1517 0000001").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Phone"), "Error: Enter another phone number: a member has this one");
    assert_eq!(page.link("Open Ann Abel"), format!("/user-support/{ann}"));
    let page = form(&marketer).fill("Name", "Bob").fill("E-mail", "MEMBER2@example.com").send();
    assert_eq!(page.error_on("E-mail"), "Error: Enter another e-mail address: a member has this one");
    assert!(page.shows("Bob Beck has this e-mail address."));
    assert_eq!(page.link("Open Bob Beck"), format!("/user-support/{bob}"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 2);
}

#[test]
fn support_may_read_but_not_add() {
    let app = TestApp::start();
    let agent = app.support();
    make::member(&app, "Ann Abel");
    assert!(!agent.get("/members").has_link("Add member"));
    assert_eq!(agent.get("/members/new").status, 403);
    let fields = [("name", "Eve"), ("email", "eve@example.com")];
    assert_eq!(agent.bypass("/members/new", &fields, "/user-support").status, 403);
    assert_eq!(app.visitor().bypass("/members/new", &fields, "/sign-in").location.as_deref(), Some("/sign-in"));
    assert_eq!(app.marketer().post("/members/new", &fields).status, 403);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 1);
}

#[test]
fn the_same_member_added_twice_at_once_is_added_once() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let sheet = form(&marketer).fill("Name", "Ana").fill("E-mail", "ana@example.com");
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..4).map(|_| scope.spawn(|| sheet.clone().send().status)).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 3);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 1);
}
