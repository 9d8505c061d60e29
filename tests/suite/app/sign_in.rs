//! Signing in with a one-time code.

use chrono::Duration;

use super::{last_code, run};
use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn ask(visitor: &Visitor, contact: &str) -> Page {
    visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", contact).send()
}

fn enter(page: &Page, code: &str) -> Page {
    page.form("Sign in").fill("Code", code).send()
}

const WRONG: &str = "Error: This code is wrong, too old or used already. Check it, or send a new code.";

#[test]
fn by_phone_in_any_spelling_and_by_e_mail() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    for (typed, stored, channel) in [
        ("0151 70 000 001", "+4915170000001", "sms"),
        ("+49 (151) 70000001", "+4915170000001", "sms"),
        (" Member1@Example.COM ", "member1@example.com", "email"),
    ] {
        let visitor = app.visitor().speaking("de-AT,de;q=0.9,en;q=0.5");
        let page = ask(&visitor, typed).follow(&visitor);
        let code = last_code(&app, stored).unwrap();
        assert_eq!(make::text(&app, "SELECT channel FROM message ORDER BY id DESC LIMIT 1"), channel);
        // as people copy it
        let page = enter(&page, &format!(" {} {} ", &code[..3], &code[3..]));
        assert_eq!((page.status, page.location.as_deref()), (303, Some("/app/coupons")), "{typed}");
        assert!(page.follow(&visitor).shows("Coupons"));
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM member WHERE last_seen_at IS NOT NULL"), 1);
    assert_eq!(make::text(&app, "SELECT date_language FROM member"), "de");
}

#[test]
fn it_leads_to_where_one_wanted_to_go() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    for (wanted, reached) in [
        ("/app/code?group=1", "/app/code?group=1"),
        ("/app/sign-in?next=https%3A%2F%2Fevil.example", "/app/coupons"),
        ("/app/sign-in?next=%2F%2Fevil.example", "/app/coupons"),
        ("/app/sign-in?next=%2Fapplication", "/app/coupons"),
    ] {
        let visitor = app.visitor();
        let first = visitor.get(wanted);
        let page = if first.status == 303 { first.follow(&visitor) } else { first };
        let page = page.form("Send code").fill("Phone or e-mail", "member1@example.com").send().follow(&visitor);
        let page = enter(&page, &last_code(&app, "member1@example.com").unwrap());
        assert_eq!(page.location.as_deref(), Some(reached));
        app.clock.advance(Duration::minutes(16));
    }
}

#[test]
fn what_cannot_be_a_contact() {
    let app = TestApp::start();
    for (typed, error) in [
        ("", "Error: Enter a phone number or an e-mail address"),
        ("Ann", "Error: Enter a phone number or an e-mail address"),
        ("ann@", "Error: Enter an e-mail address like name@example.com"),
        ("123", "Error: Enter a phone number with its country code, like +49 1512 3456789"),
    ] {
        let page = ask(&app.visitor(), typed);
        assert_eq!(page.status, 422);
        assert_eq!(page.error_on("Phone or e-mail"), error);
        assert_eq!(page.value("Phone or e-mail"), typed);
    }
    for typed in ["' OR 1=1 --", "<b>x</b>", "\u{202e}a@b.example", "☕", &"9".repeat(4000)] {
        assert_eq!(ask(&app.visitor(), typed).status, 422, "{typed}");
    }
}

#[test]
fn nobody_learns_who_is_a_member() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    let seen = |contact: &str| {
        let visitor = app.visitor();
        let asked = ask(&visitor, contact);
        let page = asked.follow(&visitor);
        let tried = enter(&page, "000000");
        (asked.status, asked.location.clone(), page.text().replace(contact, ""), tried.status, tried.error_on("Code"))
    };
    assert_eq!(seen("member1@example.com"), seen("nobody@example.com"));
    assert_eq!(seen("nobody@example.com").4, WRONG);
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM sign_in_code"), 1);
}

#[test]
fn five_tries() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    let visitor = app.visitor();
    let page = ask(&visitor, "member1@example.com").follow(&visitor);
    let code = last_code(&app, "member1@example.com").unwrap();
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for typed in ["", "12345", "abcdef"] {
        let refused = enter(&page, typed);
        assert_eq!(refused.error_on("Code"), "Error: Enter the six digits that were sent to you");
    }
    for _ in 0..5 {
        let refused = enter(&page, wrong);
        assert_eq!((refused.status, refused.error_on("Code").as_str()), (422, WRONG));
    }
    assert_eq!(enter(&page, &code).error_on("Code"), WRONG);
    // a new code, new tries
    let page = page.form("Send a new code").send().follow(&visitor);
    assert_eq!(enter(&page, &last_code(&app, "member1@example.com").unwrap()).status, 303);
}

#[test]
fn five_tries_at_once_are_five_tries() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    let visitor = app.visitor();
    let page = ask(&visitor, "member1@example.com").follow(&visitor);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| enter(&page, "000000"));
        }
    });
    assert_eq!(make::count(&app, "SELECT tries_left FROM sign_in_code"), 0);
}

#[test]
fn ten_minutes_and_once() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    let visitor = app.visitor();
    let page = ask(&visitor, "member1@example.com").follow(&visitor);
    let code = last_code(&app, "member1@example.com").unwrap();
    app.clock.advance(Duration::minutes(10));
    assert_eq!(enter(&page, &code).error_on("Code"), WRONG);

    let page = page.form("Send a new code").send().follow(&visitor);
    let code = last_code(&app, "member1@example.com").unwrap();
    app.clock.advance(Duration::minutes(9));
    assert_eq!(enter(&page, &code).status, 303);
    let other = app.visitor();
    let page = ask(&other, "nobody@example.com").follow(&other);
    assert_eq!(enter(&page, &code).status, 422);
    assert_eq!(make::count(&app, "SELECT count(*) FROM sign_in_code"), 0);
}

#[test]
fn asking_for_codes_is_throttled() {
    let app = TestApp::start();
    make::member(&app, "Ann");
    for contact in ["member1@example.com", "nobody@example.com"] {
        for _ in 0..5 {
            assert_eq!(ask(&app.visitor(), contact).status, 303);
        }
        let refused = ask(&app.visitor(), contact);
        assert_eq!(refused.status, 429);
        assert!(refused.header("retry-after").is_some() && refused.shows("Too many tries"));
    }
    for n in 0..38 {
        assert_eq!(ask(&app.visitor(), &format!("n{n}@example.com")).status, 303, "{n}");
    }
    app.clock.advance(Duration::minutes(16));
    assert_eq!(ask(&app.visitor(), "member1@example.com").status, 303);
}

#[test]
fn only_a_hash_is_stored_and_the_key_is_fresh() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let visitor = app.visitor();
    ask(&visitor, "member1@example.com");
    let code = last_code(&app, "member1@example.com").unwrap();
    let hash = make::text(&app, "SELECT encode(code_hash, 'escape') || octet_length(code_hash) FROM sign_in_code");
    assert!(hash.ends_with("32") && !hash.contains(&code));
    app.clock.advance(Duration::minutes(16));

    let ann = app.member(ann);
    assert_eq!(make::count(&app, "SELECT count(*) FROM session WHERE member_id IS NOT NULL"), 1);
    let page = ann.get("/app/profile").form("Sign out").send();
    assert_eq!(page.location.as_deref(), Some("/app/sign-in"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM session"), 0);
    assert_eq!(ann.get("/app/coupons").status, 303);
}

#[test]
fn the_second_half_needs_the_first() {
    let app = TestApp::start();
    assert_eq!(app.visitor().get("/app/sign-in/code").location.as_deref(), Some("/app/sign-in"));
    let page = app.visitor().bypass("/app/sign-in/code", &[("code", "123456")], "/app/sign-in");
    assert_eq!(page.location.as_deref(), Some("/app/sign-in"));
    run(&app, "DELETE FROM throttle");
}
