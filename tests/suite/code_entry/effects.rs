//! What a good code does, and what a refused one leaves alone.

use diesel::prelude::*;
use muster::memberships::Entry;
use muster::schema::delivery;

use super::entry;
use crate::support::{TestApp, make};

#[test]
fn a_good_code_does_everything_at_once() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let barista = make::campaign(&app, "Barista", "app").in_app(true).one_code("BARISTA", Some(5)).make();
    let club = make::group(&app, "Barista club").by_code(barista).make();
    diesel::insert_into(delivery::table)
        .values((delivery::member_id.eq(ann.0), delivery::campaign_id.eq(barista.0), delivery::issued_at.eq(app.now())))
        .execute(&mut app.conn())
        .unwrap();

    let outcome = entry(&app, ann, " bari-sta ");

    let group = Some((club, "Barista club".to_owned()));
    assert_eq!(outcome, Entry::Used { campaign: barista, title: "Barista title".into(), group });
    let count = |sql: &str| make::count(&app, sql);
    assert_eq!(count("SELECT uses_taken FROM code"), 1);
    assert_eq!(
        count("SELECT count(*) FROM validation WHERE code = 'BARISTA' AND via = 'app' AND member_id IS NOT NULL"),
        1
    );
    assert_eq!(count("SELECT sum(validated) FROM campaign_count"), 1);
    assert_eq!(count("SELECT count(*) FROM delivery WHERE validated_at IS NOT NULL"), 1);
    assert_eq!(
        count(
            "SELECT count(*) FROM membership WHERE left_at IS NULL AND source = 'code' AND source_detail->>'code' = 'BARISTA'"
        ),
        1
    );
    assert_eq!(count("SELECT count(*) FROM code_attempt WHERE outcome = 'ok' AND text = 'BARISTA'"), 1);
}

#[test]
fn who_is_in_already_uses_nothing_up() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", Some(1)).make();
    let club = make::group(&app, "Barista club").by_code(barista).make();
    make::stay(&app, club, &[ann]);
    assert_eq!(entry(&app, ann, "BARISTA"), Entry::AlreadyMember { group: "Barista club".into() });
    let nothing = "SELECT (SELECT sum(uses_taken) FROM code) + (SELECT count(*) FROM validation)";
    assert_eq!(make::count(&app, nothing), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_attempt WHERE outcome = 'already_member'"), 1);
}
