//! Passkeys: added, used alone and after the password, refused where anything does not fit.

use super::passkey_key::{Key, asked, post};
use super::{add_app, audited, last_message, try_password};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

const MAX: &str = "marketer@example.com";
const NEW: &str = "/my-account/passkeys/new";

fn key(app: &TestApp, id: u8) -> Key {
    Key::new(&app.muster.config.public_url, id)
}

fn add(visitor: &Visitor, key: &Key) -> Page {
    let asked = asked(visitor, NEW, "/my-account/passkeys/challenge", &[]);
    let fields = [vec![("name", "Phone".into()), ("current", "muster-demo".into())], key.made(&asked)].concat();
    post(visitor, NEW, NEW, &fields)
}

fn sign_in(visitor: &Visitor, key: &Key) -> Page {
    let asked = asked(visitor, "/sign-in", "/sign-in/passkey/challenge", &[]);
    post(visitor, "/sign-in", "/sign-in/passkey", &key.answer(&asked))
}

fn is_in(page: &Page) -> bool {
    assert_eq!(page.status, 303);
    page.location.as_deref() == Some("/")
}

#[test]
fn a_passkey_signs_in_by_itself() {
    let app = TestApp::start_at_localhost();
    let (marketer, mut phone) = (app.marketer(), key(&app, 1));
    let page = add(&marketer, &phone);
    assert_eq!((page.status, page.texts_at(".recovery code").len()), (200, 10), "{}", page.text());
    assert!(last_message(&app, MAX).contains("A passkey, “Phone”, was added."));
    assert!(marketer.get("/my-account").shows("Passkey: Phone"));

    let visitor = app.visitor();
    assert!(is_in(&sign_in(&visitor, &phone)));
    assert!(visitor.get("/").shows("Max Marketer"));
    phone.verified = false;
    assert!(!is_in(&sign_in(&app.visitor(), &phone)), "alone it must know the person");
    let with = "SELECT after->>'with' FROM audit_entry WHERE action = 'signed in' ORDER BY id DESC LIMIT 1";
    assert_eq!((make::text(&app, with).as_str(), audited(&app, "passkey added")), ("passkey", 1));
}

#[test]
fn a_passkey_is_a_second_factor() {
    let app = TestApp::start_at_localhost();
    let (marketer, mut stick) = (app.marketer(), key(&app, 1));
    add(&marketer, &stick);
    let visitor = app.visitor();
    let second = [("second", "yes".to_owned())];
    assert_eq!(try_password(&visitor, MAX, "muster-demo").location.as_deref(), Some("/sign-in/second-factor"));
    // a key without finger or PIN will do here, but only one's own
    stick.verified = false;
    let at = "/sign-in/second-factor";
    let challenge = asked(&visitor, at, "/sign-in/passkey/challenge", &second);
    assert_eq!(challenge["allowCredentials"][0]["id"], super::passkey_key::text(&stick.id));
    let other = key(&app, 9);
    add(&app.support(), &other);
    let refused = post(&visitor, at, "/sign-in/passkey", &[&second[..], &other.answer(&challenge)].concat());
    assert_eq!(refused.location.as_deref(), Some(at));
    assert!(refused.follow(&visitor).shows("This passkey was not accepted."));
    let challenge = asked(&visitor, at, "/sign-in/passkey/challenge", &second);
    assert!(is_in(&post(&visitor, at, "/sign-in/passkey", &[&second[..], &stick.answer(&challenge)].concat())));
}

#[test]
fn an_answer_is_worth_something_once() {
    let app = TestApp::start_at_localhost();
    let phone = key(&app, 1);
    add(&app.marketer(), &phone);
    let visitor = app.visitor();
    let challenge = asked(&visitor, "/sign-in", "/sign-in/passkey/challenge", &[]);
    let answer = phone.answer(&challenge);
    assert!(is_in(&post(&visitor, "/sign-in", "/sign-in/passkey", &answer)));
    let thief = app.visitor();
    assert!(!is_in(&post(&thief, "/sign-in", "/sign-in/passkey", &answer)), "replayed");
    let challenge = asked(&thief, "/sign-in", "/sign-in/passkey/challenge", &[]);
    let late = phone.answer(&challenge);
    app.clock.advance(chrono::Duration::minutes(6));
    assert!(!is_in(&post(&thief, "/sign-in", "/sign-in/passkey", &late)), "too late");
}

#[test]
fn an_answer_that_does_not_fit_is_refused() {
    let app = TestApp::start_at_localhost();
    let phone = key(&app, 1);
    add(&app.marketer(), &phone);
    let visitor = app.visitor();
    let challenge = || asked(&visitor, "/sign-in", "/sign-in/passkey/challenge", &[]);
    let send = |fields: &[(&str, String)]| is_in(&post(&visitor, "/sign-in", "/sign-in/passkey", fields));
    // another key under its id, another site, an unknown key
    assert!(!send(&key(&app, 1).answer(&challenge())));
    let mut forged = key(&app, 1);
    forged.origin = "https://evil.example".into();
    assert!(!send(&forged.answer(&challenge())));
    assert!(!send(&key(&app, 2).answer(&challenge())));
    // each part changed or missing
    for at in 0..4 {
        for value in [String::new(), "AAAA".into(), "no base64!".into(), "x".repeat(5000)] {
            let mut answer = phone.answer(&challenge());
            answer[at].1 = value;
            assert!(!send(&answer), "part {at}");
        }
    }
    assert!(!send(&[]));
    let mut answer = phone.answer(&challenge());
    answer[1] = key(&app, 1).answer(&challenge())[1].clone();
    assert!(!send(&answer), "client data of another ceremony");
    assert!(send(&phone.answer(&challenge())));
}

#[test]
fn a_copy_of_a_key_that_counts_is_found_out() {
    let app = TestApp::start_at_localhost();
    let mut phone = key(&app, 1);
    phone.count = 5;
    add(&app.marketer(), &phone);
    for (count, works) in [(5, false), (6, true), (6, false), (3, false), (7, true)] {
        phone.count = count;
        assert_eq!(is_in(&sign_in(&app.visitor(), &phone)), works, "{count}");
    }
}

#[test]
fn a_passkey_is_added_with_the_password_and_removed_with_it() {
    let app = TestApp::start_at_localhost();
    let (marketer, phone) = (app.marketer(), key(&app, 1));
    let asked_for = asked(&marketer, NEW, "/my-account/passkeys/challenge", &[]);
    let fields =
        |current: &str| [vec![("name", "Phone".into()), ("current", current.into())], phone.made(&asked_for)].concat();
    let page = post(&marketer, NEW, NEW, &fields("wrong"));
    assert!(page.error_on("Current password").contains("not your current password"));
    assert_eq!(post(&marketer, NEW, NEW, &fields("muster-demo")).status, 200);
    assert!(post(&marketer, NEW, NEW, &fields("muster-demo")).error_on("Name").contains("That took too long"), "once");
    assert!(add(&marketer, &phone).error_on("Name").contains("This passkey is added already"));
    let no_script = marketer.get(NEW).form("Add passkey").fill("Current password", "muster-demo").send();
    assert!(no_script.error_on("Name").contains("Your browser did not ask for a passkey."));

    // what was asked of one is no answer of another
    let support = app.support();
    let challenge = asked(&support, NEW, "/my-account/passkeys/challenge", &[]);
    let stolen =
        [vec![("name", "X".into()), ("current", "muster-demo".into())], key(&app, 2).made(&challenge)].concat();
    assert_eq!(post(&marketer, NEW, NEW, &stolen).status, 422);

    add_app(&app, &marketer);
    let form = marketer.get("/my-account").click("Remove Phone").form("Remove passkey");
    assert_eq!(form.clone().fill("Current password", "wrong").send().status, 422);
    let page = form.fill("Current password", "muster-demo").send().follow(&marketer);
    assert!(page.shows("The passkey “Phone” is removed.") && page.shows("10 recovery codes are left."));
    assert!(!is_in(&sign_in(&app.visitor(), &phone)));
    assert_eq!(audited(&app, "passkey removed"), 1);
}

#[test]
fn a_passkey_of_someone_disabled_opens_nothing() {
    let app = TestApp::start_at_localhost();
    let phone = key(&app, 1);
    add(&app.marketer(), &phone);
    make::run(&app, "UPDATE account SET disabled_at = now()");
    assert!(!is_in(&sign_in(&app.visitor(), &phone)));
}

#[test]
fn at_an_ip_address_none_are_offered() {
    let app = TestApp::start();
    let marketer = app.marketer();
    assert!(marketer.get(NEW).shows("Browsers offer passkeys only where the dashboard is opened by a name"));
    assert!(!app.visitor().get("/sign-in").has_button("Sign in with a passkey"));
    assert_eq!(app.visitor().bypass("/sign-in/passkey/challenge", &[], "/sign-in").status, 404);
}
