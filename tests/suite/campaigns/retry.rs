//! **Retry failed**: those only.

use chrono::Duration;
use diesel::RunQueryDsl;
use muster::ids::CampaignId;

use super::audited;
use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

/// Member 1 sent, 2 and 3 failed, 4 bounced, 5 uncertain, 6 skipped; 2 also has a failed reminder.
fn campaign(app: &TestApp) -> CampaignId {
    make::members(app, 6);
    let id = make::campaign(app, "Winter", "email").make();
    run(app, &format!("UPDATE campaign SET issuing_since = now(), issued_at = now() WHERE id = {id}"));
    run(
        app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at) SELECT id, {id}, '2026-11-24', '2026-11-24' FROM member"
        ),
    );
    run(app, "UPDATE delivery SET sent_at = '2026-11-24' WHERE member_id IN (1, 4)");
    run(app, "UPDATE delivery SET failed_at = '2026-11-24', reason = '550 no such user' WHERE member_id IN (2, 3)");
    run(app, "UPDATE delivery SET bounced_at = '2026-11-24' WHERE member_id = 4");
    run(app, "UPDATE delivery SET uncertain_at = '2026-11-24' WHERE member_id = 5");
    run(app, "UPDATE delivery SET skipped_at = '2026-11-24', reason = 'no_consent' WHERE member_id = 6");
    run(app, &format!(
        "INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, body, created_at, state, attempts, error)
         SELECT member_id, {id}, 'coupon', 'email', 'x@example.com', '', timestamptz '2026-11-24', state, 5, reason FROM delivery
         UNION ALL SELECT 2, {id}, 'reminder', 'email', 'x@example.com', '', timestamptz '2026-11-24', 'failed', 5, NULL"
    ));
    id
}

fn states(app: &TestApp) -> String {
    make::text(app, "SELECT string_agg(state, ' ' ORDER BY member_id) FROM delivery")
}

#[test]
fn only_those_failed_are_sent_again() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = campaign(&app);
    assert_eq!(states(&app), "sent failed failed bounced uncertain skipped");
    let ask = marketer.get(&format!("/campaigns/{id}")).click("Retry failed");
    assert!(ask.shows("2 members whose message failed are sent it again"), "{}", ask.text());
    assert!(ask.shows("1 bounced : not sent again") && ask.shows("1 member may have got it"), "{}", ask.text());
    let done = ask.form("Retry failed").send().follow(&marketer);
    assert!(done.shows("2 messages wait again for their turn."), "{}", done.text());
    assert_eq!(states(&app), "sent queued queued bounced uncertain skipped");
    let messages = make::text(&app, "SELECT string_agg(state || ' ' || attempts, ', ' ORDER BY id) FROM message");
    assert_eq!(messages, "sent 5, queued 0, queued 0, bounced 5, uncertain 5, skipped 5, failed 5");
    assert_eq!(audited(&app, "failed messages retried"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE reason = '550 no such user'"), 0);
    // pressed twice: the uncertain are not taken for it
    let again = ask.form("Retry failed").send();
    assert_eq!((again.status, audited(&app, "failed messages retried")), (422, 1));
    assert!(again.error_on("Also those uncertain").contains("No message failed: tick this"), "{}", again.text());
    assert!(again.shows("There is a problem"));
}

#[test]
fn the_uncertain_are_sent_again_where_that_is_wanted() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = campaign(&app);
    let ask = marketer.get(&format!("/campaigns/{id}/retry"));
    assert!(ask.shows("Sent again, some get it twice."));
    assert!(
        ask.form("Retry failed").tick("Also those uncertain").send().follow(&marketer).shows("3 messages wait again")
    );
    assert_eq!(states(&app), "sent queued queued bounced queued skipped");
    assert!(marketer.get(&format!("/campaigns/{id}/retry")).follow(&marketer).shows("There is nothing to retry"));
}

#[test]
fn messages_wait_for_the_end_of_the_quiet_hours() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = campaign(&app);
    run(&app, "UPDATE campaign SET quiet_from = '10:00', quiet_until = '12:00'");
    run(&app, "UPDATE member SET time_zone = 'America/New_York' WHERE id = 3");
    marketer.get(&format!("/campaigns/{id}/retry")).form("Retry failed").send();
    let at = make::text(
        &app,
        "SELECT string_agg(to_char(next_attempt_at AT TIME ZONE 'UTC', 'HH24:MI'), ' ' ORDER BY member_id) FROM message WHERE state = 'queued'",
    );
    assert_eq!(at, "11:00 10:00", "noon in Berlin; it is five in the morning in New York");
}

#[test]
fn a_campaign_that_is_over_sends_nothing_again() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = campaign(&app);
    let ask = marketer.get(&format!("/campaigns/{id}/retry"));
    app.clock.advance(Duration::days(40));
    let marketer = app.marketer();
    let page = marketer.get(&format!("/campaigns/{id}/retry")).follow(&marketer);
    assert!(
        page.shows("Nothing was changed: the campaign is ended.") && !page.has_link("Retry failed"),
        "{}",
        page.text()
    );
    drop(ask);
    let token = format!("/campaigns/{id}/deliveries");
    let page = marketer.bypass(&format!("/campaigns/{id}/retry"), &[], &token).follow(&marketer);
    assert!(page.shows("Nothing was changed"), "{}", page.text());
    assert_eq!(states(&app), "sent failed failed bounced uncertain skipped");
    let support = app.support();
    assert_eq!(support.get(&format!("/campaigns/{id}/retry")).status, 403);
}
