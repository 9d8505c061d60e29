//! Guessing is slow: ten wrong codes for a member, fifty for an address, in ten minutes.

use chrono::Duration;
use diesel::Connection;
use muster::error::AppError;
use muster::memberships::{Entry, Refusal, enter};

use super::{entry, refusal, told};
use crate::support::{TestApp, make};

#[test]
fn ten_wrong_codes_for_a_member() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    make::campaign(&app, "Good", "code").one_code("GOOD", None).make();
    for _ in 0..10 {
        assert_eq!(refusal(&app, ann, "WRONG"), Refusal::CodeUnknown);
    }
    app.clock.advance(Duration::minutes(3));
    let sentence = "Too many wrong codes. Wait 7 minutes, then try again.";
    assert_eq!(told(&app, ann, "GOOD"), ("too_many_attempts", sentence.into()));
    assert!(matches!(entry(&app, bob, "GOOD"), Entry::Used { .. }));
    app.clock.advance(Duration::minutes(7));
    assert!(matches!(entry(&app, ann, "GOOD"), Entry::Used { .. }));
}

#[test]
fn good_codes_and_other_refusals_do_not_count() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    make::campaign(&app, "Good", "code").one_code("GOOD", None).make();
    make::campaign(&app, "Gone", "code").one_code("DRAFT", None).draft().make();
    for _ in 0..12 {
        entry(&app, ann, "GOOD");
        refusal(&app, ann, "DRAFT");
    }
    // someone else's code could be a guess
    let personal = make::campaign(&app, "Personal", "sms").in_app(true).make();
    make::codes(&app, personal, &["BOBS"]);
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE code SET member_id = {bob} WHERE text = 'BOBS'")),
        &mut app.conn(),
    )
    .unwrap();
    for _ in 0..10 {
        assert_eq!(refusal(&app, ann, "BOBS").code(), "not_a_receiver");
    }
    assert_eq!(refusal(&app, ann, "BOBS").code(), "too_many_attempts");
}

#[test]
fn fifty_wrong_codes_for_an_address() {
    let app = TestApp::start();
    let members = make::members(&app, 6);
    make::campaign(&app, "Good", "code").one_code("GOOD", None).make();
    let now = app.now();
    let try_one = |member: usize, text: &str, address: &str| {
        let tried: Result<Entry, AppError> =
            app.conn().transaction(|conn| Ok(enter(conn, members[member], text, address, now)?));
        tried.unwrap()
    };
    for n in 0..50 {
        assert_eq!(try_one(n / 10, "WRONG", "10.0.0.1"), Entry::Refused(Refusal::CodeUnknown));
    }
    assert!(matches!(try_one(5, "GOOD", "10.0.0.1"), Entry::Refused(Refusal::TooManyAttempts { wait: 600 })));
    assert!(matches!(try_one(5, "GOOD", "10.0.0.2"), Entry::Used { .. }));
}
