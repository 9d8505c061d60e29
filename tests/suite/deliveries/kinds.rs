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
    app.issue();
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
    app.issue();

    let told: Vec<(Option<i64>, String, String, Option<i64>)> = message::table
        .select((message::member_id, message::recipient, message::state, message::text_id))
        .order(message::member_id)
        .load(conn)
        .unwrap();
    let phone = |place: usize| make::text(&app, &format!("SELECT phone FROM member WHERE id = {}", ids[place].0));
    let recipients: Vec<_> = told.iter().map(|(member, recipient, ..)| (member.unwrap(), recipient.clone())).collect();
    assert_eq!(recipients, [(ids[0].0, phone(0)), (ids[3].0, phone(3))]);
    assert!(told.iter().all(|(_, _, state, text)| state == "queued" && text.is_some()));
    assert_eq!(make::text(&app, "SELECT body FROM message_text"), "Your coupon: {link}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE state = 'queued' AND token IS NOT NULL"), 2);
    // who gets nothing stands in the ledger too, with the reason
    let reason = |place: usize| {
        make::text(&app, &format!("SELECT state || ' ' || reason FROM delivery WHERE member_id = {}", ids[place].0))
    };
    assert_eq!((reason(1).as_str(), reason(2).as_str()), ("skipped no_consent", "skipped no_address"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE sent_at IS NOT NULL"), 0);
}

#[test]
fn an_e_mail_has_its_subject() {
    let app = TestApp::start();
    make::members(&app, 1);
    make::campaign(&app, "Latte", "email").one_code("LATTE26", None).make();
    app.issue();
    let recipient: String = message::table.select(message::recipient).first(&mut app.conn()).unwrap();
    assert_eq!(recipient, "many1@example.com");
    let text = "SELECT message_text.subject || '|' || message_text.body FROM message_text JOIN message ON message.text_id = message_text.id";
    assert_eq!(make::text(&app, text), "Your coupon|Here it is: {link}");
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
    app.issue();

    let handed = "SELECT count(DISTINCT delivery.code) FROM delivery JOIN code ON code.text = delivery.code AND code.member_id = delivery.member_id";
    assert_eq!(make::count(&app, handed), 2);
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM delivery WHERE code IS NULL AND state = 'skipped' AND reason = 'no_code'"
        ),
        1
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 2);

    memberships::join(&mut app.conn(), ids[3], &[vip], &Source::App, app.now()).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code IS NULL"), 2);

    // more codes: those who got none get one
    let more = NewBatch { campaign: id, format: muster::codes::prepare::format_of("", 10), count: 5 };
    more.begin(&mut app.conn(), app.now()).unwrap();
    app.issue();
    assert_eq!(make::count(&app, handed), 4);
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 4);
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM delivery WHERE state = 'queued' AND token IS NOT NULL AND reason IS NULL"
        ),
        4
    );
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 4);
}

#[test]
fn many_codes_are_made_before_they_are_handed_out() {
    let app = TestApp::start();
    make::members(&app, 3);
    let id = make::campaign(&app, "Latte", "app").many_codes().make();
    let order = NewBatch { campaign: id, format: muster::codes::prepare::format_of("", 10), count: 60_000 };
    order.begin(&mut app.conn(), app.now()).unwrap();
    app.issue();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE uses_allowed = 1"), 60_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code IS NOT NULL"), 3);
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM code_batch WHERE made = requested AND finished_at IS NOT NULL"),
        1
    );
}
