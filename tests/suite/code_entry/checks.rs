//! Each check, its sentence, and that the first that fails answers.

use chrono::{Duration, NaiveTime, TimeZone, Utc};
use diesel::prelude::*;
use muster::ids::{CampaignId, MemberId};
use muster::memberships::Entry;
use muster::memberships::checks::CHECKS;
use muster::schema::{campaign, code, delivery, member, member_group};

use super::{entry, refusal, told};
use crate::support::{TestApp, make};

fn block(app: &TestApp, id: MemberId) {
    diesel::update(member::table.find(id.0))
        .set((member::blocked_at.eq(app.now()), member::blocked_reason.eq("Abuse")))
        .execute(&mut app.conn())
        .unwrap();
}

fn issue(app: &TestApp, id: MemberId, campaign: CampaignId, code: Option<&str>) {
    diesel::insert_into(delivery::table)
        .values((
            delivery::member_id.eq(id.0),
            delivery::campaign_id.eq(campaign.0),
            delivery::issued_at.eq(app.now()),
            delivery::code.eq(code),
        ))
        .execute(&mut app.conn())
        .unwrap();
}

fn hand_to(app: &TestApp, text: &str, id: MemberId) {
    diesel::update(code::table.find(text)).set(code::member_id.eq(id.0)).execute(&mut app.conn()).unwrap();
}

#[test]
fn the_order_is_the_contract_s() {
    assert_eq!(
        CHECKS.map(|(code, _)| code),
        [
            "too_many_attempts",
            "code_unknown",
            "in_app_validation_not_allowed",
            "campaign_not_active",
            "group_not_active",
            "not_a_receiver",
            "already_member",
            "code_used_up"
        ]
    );
}

/// Everything is wrong at first; what answers is mended, and the next answers.
#[test]
fn the_first_check_that_fails_answers() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    block(&app, ann);
    for _ in 0..10 {
        assert_eq!(refusal(&app, ann, "NONE").code(), "code_unknown");
    }
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "too_many_attempts");
    app.clock.advance(Duration::minutes(11));
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "code_unknown");

    let vip = make::group(&app, "VIP").make();
    let barista =
        make::campaign(&app, "Barista", "code").one_code("BARISTA", Some(1)).in_app(false).draft().include(vip);
    let barista = barista.make();
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "in_app_validation_not_allowed");

    let set = |values: &str| {
        diesel::sql_query(values.to_owned()).execute(&mut app.conn()).unwrap();
    };
    set("UPDATE campaign SET allow_in_app_validation = true");
    let club = make::group(&app, "Barista club").by_code(barista).between(app.now() + Duration::days(1), None).make();
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "campaign_not_active");

    set("UPDATE campaign SET published_at = starts_at");
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "group_not_active");

    set("UPDATE member_group SET starts_at = starts_at - interval '2 days'");
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "not_a_receiver");
    set("UPDATE member SET blocked_at = NULL, blocked_reason = NULL");
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "not_a_receiver");

    make::stay(&app, vip, &[ann]);
    make::stay(&app, club, &[ann]);
    set("UPDATE code SET uses_taken = 1");
    assert_eq!(entry(&app, ann, "BARISTA"), Entry::AlreadyMember { group: "Barista club".into() });

    set(
        "UPDATE membership SET left_at = joined_at, left_source = 'app' WHERE group_id = (SELECT max(id) FROM member_group)",
    );
    assert_eq!(refusal(&app, ann, "BARISTA").code(), "code_used_up");

    set("UPDATE code SET uses_taken = 0");
    assert!(matches!(entry(&app, ann, "b-a ris ta"), Entry::Used { group: Some(_), .. }));
    let outcomes = make::text(&app, "SELECT string_agg(DISTINCT outcome, ' ' ORDER BY outcome) FROM code_attempt");
    let all: Vec<_> = CHECKS.iter().map(|(code, _)| *code).collect();
    assert!(all.iter().all(|code| outcomes.contains(code)) && outcomes.contains("ok"), "{outcomes}");
}

#[test]
fn an_unknown_code() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let sentence = "There is no such code. Check each letter and digit, then try again.";
    for text in
        ["NONE", "a b!", "'; DROP TABLE code; --", "<b>x</b>", "\u{202e}abc", "☕☕☕", "NUL\0", &"X".repeat(5000)]
    {
        if refusal(&app, ann, text).code() == "too_many_attempts" {
            panic!("throttled before its time");
        }
        app.clock.advance(Duration::minutes(11));
        assert_eq!(told(&app, ann, text), ("code_unknown", sentence.to_owned()), "{text:?}");
    }
    assert_eq!(make::count(&app, "SELECT max(char_length(text)) FROM code_attempt"), 64);
}

#[test]
fn a_code_for_the_till_only() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    make::campaign(&app, "Till", "code").one_code("TILL1", None).in_app(false).make();
    assert_eq!(
        told(&app, ann, "TILL1"),
        ("in_app_validation_not_allowed", "This code cannot be entered in the app. Show it when you pay.".into())
    );
}

#[test]
fn a_campaign_that_is_not_live() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let (day, now) = (Duration::days(1), app.now());
    let begins = Utc.with_ymd_and_hms(2027, 3, 3, 7, 0, 0).unwrap();
    make::campaign(&app, "Draft", "code").one_code("DRAFT", None).draft().make();
    make::campaign(&app, "Later", "code").one_code("LATER", None).between(begins, begins + day).make();
    // 3 Nov 2026, 00:00 in Berlin: the day before is its last
    let end = Utc.with_ymd_and_hms(2026, 11, 2, 23, 0, 0).unwrap();
    make::campaign(&app, "Over", "code").one_code("OVER", None).between(end - day, end).make();
    let paused = make::campaign(&app, "Paused", "code").one_code("PAUSED", None).make();
    let gone = make::campaign(&app, "Gone", "code").one_code("GONE", None).make();
    let conn = &mut app.conn();
    diesel::update(campaign::table.find(paused.0)).set(campaign::paused_at.eq(now)).execute(conn).unwrap();
    diesel::update(campaign::table.find(gone.0)).set(campaign::cancelled_at.eq(now)).execute(conn).unwrap();

    for (text, sentence) in [
        ("DRAFT", "This code does not work yet. Try again later."),
        ("LATER", "This code works from 3 Mar 2027, 08:00."),
        ("OVER", "This code worked until 2 Nov 2026. It cannot be used any more."),
        ("PAUSED", "This code is paused at the moment. Try again later."),
        ("GONE", "This code was withdrawn and cannot be used any more."),
    ] {
        assert_eq!(told(&app, ann, text), ("campaign_not_active", sentence.to_owned()));
    }
}

#[test]
fn weekdays_and_hours() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Mornings", "code").one_code("MORNING", None).make();
    let clock = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    // now is Tuesday, 11:00 in Berlin
    diesel::update(campaign::table.find(id.0))
        .set((
            campaign::weekdays.eq(0b001_1111_i16),
            campaign::valid_from.eq(clock(8)),
            campaign::valid_until.eq(clock(11)),
        ))
        .execute(&mut app.conn())
        .unwrap();
    let sentence = "This code works Monday to Friday, 08:00–11:00. Try again from 25 Nov 2026, 08:00.";
    assert_eq!(told(&app, ann, "MORNING"), ("campaign_not_active", sentence.into()));
    app.clock.advance(Duration::hours(-1));
    assert!(matches!(entry(&app, ann, "MORNING"), Entry::Used { .. }));
}

#[test]
fn what_was_issued_for_some_days_only() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Week", "app").in_app(true).make();
    make::codes(&app, id, &["MINE"]);
    hand_to(&app, "MINE", ann);
    issue(&app, ann, id, Some("MINE"));
    let end = Utc.with_ymd_and_hms(2026, 11, 23, 23, 0, 0).unwrap();
    diesel::update(delivery::table).set(delivery::expires_at.eq(end)).execute(&mut app.conn()).unwrap();
    assert_eq!(told(&app, ann, "MINE"), ("campaign_not_active", "Your coupon was valid until 23 Nov 2026.".into()));
}

#[test]
fn a_group_that_has_not_begun_or_is_over() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let id = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    let begins = Utc.with_ymd_and_hms(2026, 11, 30, 23, 0, 0).unwrap();
    let club = make::group(&app, "Barista club").by_code(id).between(begins, None).make();
    let sentence = "Barista club begins on 1 Dec 2026. Enter the code again from then on.";
    assert_eq!(told(&app, ann, "BARISTA"), ("group_not_active", sentence.into()));

    let day = Duration::days(1);
    let end = Utc.with_ymd_and_hms(2026, 11, 22, 23, 0, 0).unwrap();
    diesel::update(member_group::table.find(club.0))
        .set((member_group::starts_at.eq(end - day), member_group::stops_at.eq(end)))
        .execute(&mut app.conn())
        .unwrap();
    let sentence = "Barista club ended on 22 Nov 2026, so nobody can join it any more.";
    assert_eq!(told(&app, ann, "BARISTA"), ("group_not_active", sentence.into()));
}

#[test]
fn receivers() {
    let app = TestApp::start();
    let [ann, bob, eve] = ["Ann", "Bob", "Eve"].map(|name| make::member(&app, name));
    let vip = make::group(&app, "VIP").make();
    let out = make::group(&app, "Out").hidden().make();
    make::stay(&app, vip, &[ann, eve]);
    make::stay(&app, out, &[eve]);
    make::campaign(&app, "For VIPs", "code").one_code("VIPS", None).include(vip).exclude(out).make();
    let others = "This code is for other members. Ask our staff if you think it should work for you.";
    assert_eq!(told(&app, bob, "VIPS"), ("not_a_receiver", others.into()));
    assert_eq!(told(&app, eve, "VIPS"), ("not_a_receiver", others.into()));
    assert!(matches!(entry(&app, ann, "VIPS"), Entry::Used { .. }));

    // a personal code: its owner; and one of many that was handed to a member: them
    let personal = make::campaign(&app, "Personal", "sms").in_app(true).make();
    make::codes(&app, personal, &["ANNS", "BOBS"]);
    hand_to(&app, "ANNS", ann);
    hand_to(&app, "BOBS", bob);
    let another = "This code belongs to another member. Use the one that was sent to you.";
    assert_eq!(told(&app, bob, "ANNS"), ("not_a_receiver", another.into()));
    assert!(matches!(entry(&app, ann, "ANNS"), Entry::Used { .. }));
    issue(&app, bob, personal, Some("BOBS"));
    diesel::update(delivery::table).set(delivery::withdrawn_at.eq(app.now())).execute(&mut app.conn()).unwrap();
    let withdrawn = "Your coupon was withdrawn, so its code does not work any more.";
    assert_eq!(told(&app, bob, "BOBS"), ("not_a_receiver", withdrawn.into()));

    // a shared code of another channel is a ticket: whoever has it may use it
    make::campaign(&app, "Ticket", "app").in_app(true).one_code("TICKET", None).include(vip).make();
    assert!(matches!(entry(&app, bob, "TICKET"), Entry::Used { .. }));

    block(&app, ann);
    let blocked = "Your account is blocked, so codes do not work for it. Ask our staff for help.";
    assert_eq!(told(&app, ann, "TICKET"), ("not_a_receiver", blocked.into()));
}

#[test]
fn used_up_in_all_and_for_the_member() {
    let app = TestApp::start();
    let [ann, bob] = ["Ann", "Bob"].map(|name| make::member(&app, name));
    make::campaign(&app, "One", "code").one_code("ONE", Some(1)).make();
    assert!(matches!(entry(&app, ann, "ONE"), Entry::Used { group: None, .. }));
    let mine = "You have used this code already. It works once for each member.";
    assert_eq!(told(&app, ann, "ONE"), ("code_used_up", mine.into()));
    let all = "This code has been used up. Ask for another one where you got it.";
    assert_eq!(told(&app, bob, "ONE"), ("code_used_up", all.into()));

    make::campaign(&app, "Two", "code").one_code("TWO", None).per_member(2).make();
    entry(&app, ann, "TWO");
    assert!(matches!(entry(&app, ann, "TWO"), Entry::Used { .. }));
    let twice = "You have used this code 2 times, which is as often as it works for each member.";
    assert_eq!(told(&app, ann, "TWO"), ("code_used_up", twice.into()));
    // a use that a till took back does not count
    diesel::sql_query("UPDATE validation SET reversed_at = at WHERE id = (SELECT max(id) FROM validation)")
        .execute(&mut app.conn())
        .unwrap();
    assert!(matches!(entry(&app, ann, "TWO"), Entry::Used { .. }));
}
