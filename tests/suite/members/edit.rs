//! Changing members.

use muster::channels::MessageChannel;
use muster::ids::MemberId;
use muster::members::ConsentSource;
use muster::members::consent;

use crate::support::page::FormSheet;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn form(who: &Visitor, id: MemberId) -> FormSheet {
    who.get(&format!("/user-support/{id}")).click("Edit details").form("Save changes")
}

#[test]
fn details_are_changed_and_the_audit_log_says_what() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann Abel");
    let page = form(&marketer, ann).fill("Name", "Anne Abel").fill("E-mail", "").untick("SMS consent").send();
    assert_eq!(page.location, Some(format!("/user-support/{ann}")));
    assert_eq!(page.follow(&marketer).text_at(".flash"), "Anne Abel was changed.");
    let entry = make::text(
        &app,
        "SELECT concat_ws(' | ', action, before, after) FROM audit_entry WHERE subject_kind = 'member'",
    );
    assert_eq!(
        entry,
        "member changed | {\"name\": \"Ann Abel\", \"email\": \"member1@example.com\", \"sms_consent\": true} | {\"name\": \"Anne Abel\", \"email\": null, \"sms_consent\": false}"
    );
    assert_eq!(make::text(&app, "SELECT channel || granted || source FROM member_consent"), "smsfalsesupport");
}

#[test]
fn a_members_own_time_zone_and_language_are_chosen_and_told() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann Abel");
    let sheet = form(&marketer, ann).choose("Language of dates", "French").choose("Time zone", "Asia/Tokyo");
    assert_eq!(sheet.send().status, 303);
    assert_eq!(make::text(&app, "SELECT date_language || time_zone FROM member"), "frAsia/Tokyo");
    let page = marketer.get(&format!("/user-support/{ann}"));
    assert!(page.shows("Language of dates fr added"), "{}", page.text());
    let page = form(&marketer, ann).choose("Language of dates", "The organisation’s").send();
    assert_eq!(page.status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE date_language IS NULL"), 1);
    let page = form(&marketer, ann).smuggle("date_language", "tlh").send();
    assert!(page.error_on("Language of dates").contains("Choose a language"));
}

#[test]
fn nothing_changed_writes_nothing() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann Abel");
    let page = form(&marketer, ann).send().follow(&marketer);
    assert_eq!(page.text_at(".flash"), "Nothing was changed.");
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE subject_kind = 'member'"), 0);
}

#[test]
fn a_consent_that_the_member_changed_meanwhile_stays() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let ann = make::member(&app, "Ann Abel");
    let sheet = form(&marketer, ann).fill("Name", "Anne Abel");
    consent::record(&mut app.conn(), ann, MessageChannel::Email, false, ConsentSource::App, app.now()).unwrap();
    assert_eq!(sheet.send().status, 303);
    assert_eq!(
        make::text(&app, "SELECT concat_ws(' ', name, sms_consent, email_consent) FROM member"),
        "Anne Abel t f"
    );
}

#[test]
fn every_rule_is_told_and_nothing_typed_is_lost() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (ann, bob) = (make::member(&app, "Ann Abel"), make::member(&app, "Bob Beck"));
    let page =
        form(&marketer, ann).fill("Name", "").fill("Phone", "1").fill("E-mail", "x").untick("Push consent").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Name"), "Error: Enter a name");
    assert!(page.error_on("Phone").contains("with its country code"));
    assert!(page.error_on("E-mail").contains("name@example.com"));
    assert_eq!((page.value("Phone").as_str(), page.value("E-mail").as_str()), ("1", "x"));
    assert!(!page.is_ticked("Push consent"));

    let page = form(&marketer, ann).fill("Phone", " ").fill("E-mail", "").send();
    assert_eq!(page.error_on("Phone"), "Error: Enter a phone number or an e-mail address");
    let page = form(&marketer, ann).fill("Phone", "+49 1517 0000002").fill("E-mail", "member2@example.com").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.link("Open Bob Beck"), format!("/user-support/{bob}"));
    assert_eq!(make::text(&app, "SELECT phone FROM member WHERE name = 'Ann Abel'"), "+4915170000001");
}

#[test]
fn support_may_not_edit_and_unknown_members_are_not_found() {
    let app = TestApp::start();
    let (agent, marketer) = (app.support(), app.marketer());
    let ann = make::member(&app, "Ann Abel");
    let path = format!("/members/{ann}/edit");
    let fields = [("name", "Eve"), ("phone", "015123456789")];
    assert_eq!(agent.get(&path).status, 403);
    assert_eq!(agent.bypass(&path, &fields, "/user-support").status, 403);
    assert_eq!(app.visitor().get(&path).status, 303);
    assert_eq!(app.visitor().bypass(&path, &fields, "/sign-in").status, 303);
    assert_eq!(marketer.post(&path, &fields).status, 403);
    for unknown in ["/members/999/edit", "/members/x/edit"] {
        assert_eq!(marketer.get(unknown).status, 404);
        assert_eq!(marketer.bypass(unknown, &fields, &path).status, 404);
    }
    assert_eq!(make::text(&app, "SELECT name FROM member"), "Ann Abel");
}
