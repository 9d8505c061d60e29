//! Personal codes, many codes, messages.

use diesel::prelude::*;
use muster::codes::batch::NewBatch;
use muster::memberships::{self, Source};
use muster::schema::{member, message};

use crate::support::{TestApp, make};

#[test]
fn a_personal_code_is_made_for_each_receiver() {
    let app = TestApp::start();
    make::members(&app, 50);
    make::campaign(&app, "Latte", "app").make();
    app.work();
    let owned = "SELECT count(*) FROM delivery JOIN code ON code.text = delivery.code AND code.member_id = delivery.member_id AND code.campaign_id = delivery.campaign_id AND uses_allowed = 1";
    assert_eq!(make::count(&app, owned), 50);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 50);
}

#[test]
fn an_sms_says_what_was_written_with_a_link_of_its_own() {
    let app = TestApp::start();
    let ids = make::members(&app, 4);
    let conn = &mut app.conn();
    diesel::update(member::table.find(ids[1].0)).set(member::sms_consent.eq(false)).execute(conn).unwrap();
    diesel::update(member::table.find(ids[2].0)).set(member::phone.eq(None::<String>)).execute(conn).unwrap();
    make::campaign(&app, "Latte", "sms").make();
    app.work();

    let told: Vec<(Option<i64>, String, String, String)> = message::table
        .select((message::member_id, message::recipient, message::subject, message::body))
        .order(message::id)
        .load(conn)
        .unwrap();
    assert_eq!(told.len(), 2);
    for (member, recipient, subject, body) in told {
        let member = member.unwrap();
        let token = make::text(&app, &format!("SELECT token FROM delivery WHERE member_id = {member}"));
        assert_eq!(recipient, make::text(&app, &format!("SELECT phone FROM member WHERE id = {member}")));
        assert_eq!(body, format!("Your coupon: http://{}/c/{token}", app.address));
        assert_eq!(subject, "");
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE sent_at IS NOT NULL AND code IS NOT NULL"), 2);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), 2);
}

#[test]
fn an_e_mail_has_its_subject() {
    let app = TestApp::start();
    make::members(&app, 1);
    make::campaign(&app, "Latte", "email").one_code("LATTE26", None).make();
    app.work();
    let (recipient, subject, body): (String, String, String) =
        message::table.select((message::recipient, message::subject, message::body)).first(&mut app.conn()).unwrap();
    assert_eq!((recipient.as_str(), subject.as_str()), ("many1@example.com", "Your coupon"));
    assert!(body.starts_with(&format!("Here it is: http://{}/c/", app.address)), "{body}");
}

#[test]
fn each_receiver_is_handed_one_of_many_codes_until_they_run_out() {
    let app = TestApp::start();
    let ids = make::members(&app, 4);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids[..3]);
    let id = make::campaign(&app, "Latte", "sms").many_codes().include(vip).also_later(true).make();
    make::codes(&app, id, &["AAAA2222", "BBBB2222", "CCCC2222"]);
    diesel::sql_query("UPDATE code SET uses_taken = 1 WHERE text = 'AAAA2222'").execute(&mut app.conn()).unwrap();
    app.work();

    let handed = "SELECT count(DISTINCT delivery.code) FROM delivery JOIN code ON code.text = delivery.code AND code.member_id = delivery.member_id";
    assert_eq!(make::count(&app, handed), 2);
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM delivery WHERE code IS NULL AND reason = 'no_code' AND sent_at IS NULL"
        ),
        1
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 2);

    memberships::join(&mut app.conn(), ids[3], &[vip], &Source::App, app.now()).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code IS NULL"), 2);

    // more codes: those who got none get one
    let more = NewBatch { campaign: id, format: muster::codes::prepare::format_of("", 10), count: 5 };
    more.begin(&mut app.conn(), app.now()).unwrap();
    app.work();
    assert_eq!(make::count(&app, handed), 4);
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 4);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE reason IS NULL AND sent_at IS NOT NULL"), 4);
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 4);
}

#[test]
fn many_codes_are_made_before_they_are_handed_out() {
    let app = TestApp::start();
    make::members(&app, 3);
    let id = make::campaign(&app, "Latte", "app").many_codes().make();
    let order = NewBatch { campaign: id, format: muster::codes::prepare::format_of("", 10), count: 60_000 };
    order.begin(&mut app.conn(), app.now()).unwrap();
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE uses_allowed = 1"), 60_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code IS NOT NULL"), 3);
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM code_batch WHERE made = requested AND finished_at IS NOT NULL"),
        1
    );
}
