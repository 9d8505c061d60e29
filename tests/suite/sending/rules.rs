//! What is looked at again at the moment of sending.

use chrono::Duration;
use diesel::prelude::*;
use muster::ids::{CampaignId, MemberId};

use crate::support::{TestApp, make};

pub fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// How many deliveries are in each state: "queued 2, sent 1".
pub fn states(app: &TestApp) -> String {
    make::text(
        app,
        "SELECT coalesce(string_agg(state || ' ' || n, ', ' ORDER BY state), '')
         FROM (SELECT state, count(*) AS n FROM delivery GROUP BY state) AS counted",
    )
}

/// Deliveries and queued messages of all members and campaigns, as an issue leaves them.
pub fn issue(app: &TestApp) {
    run(app, "UPDATE campaign SET issued_at = now(), issuing_since = now()");
    run(
        app,
        "INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at, token, code)
         SELECT member.id, campaign.id, now(), now(), gen_random_uuid(), 'C' || member.id || 'X' || campaign.id FROM member, campaign",
    );
    run(
        app,
        "INSERT INTO message_text (campaign_id, subject, body)
         SELECT id, email_subject, CASE channel WHEN 'sms' THEN sms_text ELSE email_body END FROM campaign",
    );
    run(
        app,
        "INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, text_id, body, created_at)
         SELECT member_id, campaign.id, 'coupon', channel, '', message_text.id, '', now()
         FROM delivery JOIN campaign ON campaign.id = delivery.campaign_id JOIN message_text ON message_text.campaign_id = campaign.id
         ORDER BY campaign.id, member_id",
    );
}

/// A live campaign with one member whose message is queued.
pub fn one_queued(channel: &'static str) -> (TestApp, MemberId, CampaignId) {
    let app = TestApp::start();
    let mia = make::member(&app, "Mia");
    let campaign = make::campaign(&app, "Latte", channel).make();
    issue(&app);
    (app, mia, campaign)
}

fn outcome(app: &TestApp) -> (String, String) {
    app.work();
    let message = make::text(app, "SELECT state || coalesce(' ' || error, '') FROM message");
    let delivery = make::text(app, "SELECT state || coalesce(' ' || reason, '') FROM delivery");
    (message, delivery)
}

#[test]
fn each_reason_not_to_send_is_kept_with_the_delivery() {
    for (channel, change, message, delivery) in [
        ("sms", "SELECT 1", "outbox", "sent"),
        ("sms", "UPDATE member SET blocked_at = now(), blocked_reason = 'fraud'", "skipped blocked", "skipped blocked"),
        ("sms", "UPDATE member SET sms_consent = false", "skipped no_consent", "skipped no_consent"),
        ("email", "UPDATE member SET email_consent = false", "skipped no_consent", "skipped no_consent"),
        ("sms", "UPDATE member SET email_consent = false", "outbox", "sent"),
        ("sms", "UPDATE member SET phone = NULL", "skipped no_address", "skipped no_address"),
        ("email", "UPDATE member SET email = NULL", "skipped no_address", "skipped no_address"),
        ("sms", "UPDATE delivery SET withdrawn_at = now()", "withdrawn", "withdrawn"),
        ("sms", "UPDATE delivery SET validated_at = now()", "skipped used", "validated"),
        ("sms", "UPDATE delivery SET expires_at = '2026-11-24 10:00Z'", "skipped too_late", "skipped too_late"),
        ("sms", "UPDATE campaign SET ends_at = '2026-11-24 10:00Z'", "skipped too_late", "skipped too_late"),
        ("sms", "UPDATE campaign SET cancelled_at = now()", "withdrawn", "withdrawn campaign cancelled"),
    ] {
        let (app, ..) = one_queued(channel);
        run(&app, change);
        assert_eq!(outcome(&app), (message.into(), delivery.into()), "{change}");
    }
}

#[test]
fn who_ended_such_messages_by_a_link_is_told_from_who_never_agreed() {
    let (app, MemberId(mia), _) = one_queued("sms");
    run(&app, "UPDATE member SET sms_consent = false");
    for (hours, source) in [(2, "app"), (1, "unsubscribe")] {
        run(
            &app,
            &format!(
                "INSERT INTO member_consent (member_id, channel, at, granted, source)
                 VALUES ({mia}, 'sms', now() - interval '{hours} hours', false, '{source}')"
            ),
        );
    }
    assert_eq!(outcome(&app), ("skipped unsubscribed".into(), "skipped unsubscribed".into()));
}

#[test]
fn quiet_hours_are_the_members_own_where_their_zone_is_known() {
    // 10:00 in UTC is 11:00 in Berlin, the organisation's zone, and 19:00 in Tokyo
    let (app, ..) = one_queued("sms");
    make::member(&app, "Kenji");
    for table in ["message", "delivery", "message_text"] {
        run(&app, &format!("DELETE FROM {table}"));
    }
    run(&app, "UPDATE campaign SET quiet_from = '18:00', quiet_until = '08:00'");
    run(&app, "UPDATE member SET time_zone = 'Asia/Tokyo' WHERE name = 'Kenji'");
    issue(&app);
    app.work();
    assert_eq!(states(&app), "queued 1, sent 1");
    assert_eq!(
        make::text(&app, "SELECT next_attempt_at AT TIME ZONE 'UTC' FROM message WHERE state = 'queued'"),
        "2026-11-24 23:00:00"
    );
    app.clock.advance(Duration::hours(13));
    app.work();
    assert_eq!(states(&app), "sent 2");
}

#[test]
fn quiet_until_after_the_end_is_skipped() {
    let (app, ..) = one_queued("sms");
    run(&app, "UPDATE campaign SET quiet_from = '10:00', quiet_until = '20:00'");
    run(&app, "UPDATE delivery SET expires_at = '2026-11-24 18:00Z'");
    assert_eq!(outcome(&app), ("skipped quiet".into(), "skipped quiet".into()));
}

#[test]
fn a_message_goes_to_where_the_member_is_now() {
    let (app, ..) = one_queued("sms");
    run(&app, "UPDATE member SET phone = '+4915199999999'");
    app.work();
    assert_eq!(make::text(&app, "SELECT recipient FROM message"), "+4915199999999");
}

#[test]
fn a_sign_in_code_needs_no_consent_but_is_not_sent_when_it_works_no_more() {
    let app = TestApp::start();
    let mia = make::member(&app, "Mia");
    run(&app, "UPDATE member SET sms_consent = false, email_consent = false");
    let visitor = app.visitor();
    visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", "member1@example.com").send();
    app.work();
    assert_eq!(make::text(&app, "SELECT state FROM message"), "outbox");
    visitor.get("/app/sign-in").form("Send code").fill("Phone or e-mail", "member1@example.com").send();
    app.clock.advance(Duration::minutes(11));
    app.work();
    let last = make::text(&app, "SELECT state || ' ' || error FROM message ORDER BY id DESC LIMIT 1");
    assert_eq!(last, "skipped too_late", "{mia}");
}
