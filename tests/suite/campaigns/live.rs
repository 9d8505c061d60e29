//! What a campaign's page tells while the worker is at it, and why nothing moves.

use chrono::Duration;
use diesel::RunQueryDsl;
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

/// 1,000 receivers, all of them issued and waiting.
fn sending(app: &TestApp) -> CampaignId {
    let id = make::campaign(app, "Winter", "sms").make();
    run(app, &format!("UPDATE campaign SET issuing_since = now(), issued_at = now() WHERE id = {id}"));
    run(
        app,
        &format!(
            "INSERT INTO delivery (member_id, campaign_id, issued_at, queued_at) SELECT n, {id}, '2026-11-24', '2026-11-24' FROM generate_series(1, 1000) AS n"
        ),
    );
    run(
        app,
        &format!(
            "INSERT INTO message (member_id, campaign_id, purpose, channel, recipient, body, created_at, state) SELECT n, {id}, 'coupon', 'sms', '+49', '', '2026-11-24', 'queued' FROM generate_series(1, 1000) AS n"
        ),
    );
    id
}

#[test]
fn progress_shows_while_the_worker_is_at_it() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = make::campaign(&app, "Winter", "app").make();
    run(
        &app,
        &format!(
            "INSERT INTO delivery_count (campaign_id, state, sent, seen, through, change) VALUES ({id}, 'issued', false, false, 0, 1200)"
        ),
    );
    run(
        &app,
        &format!(
            "INSERT INTO code_batch (campaign_id, requested, made, created_at) VALUES ({id}, 5000000, 250000, now())"
        ),
    );
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(
        page.shows("Issuing 1,200 members so far") && page.shows("Making codes 250,000 of 5,000,000"),
        "{}",
        page.text()
    );
    let part = marketer.get(&format!("/campaigns/{id}/progress"));
    assert!(part.html.contains("hx-trigger") && part.header("hx-redirect").is_none());
    run(&app, "UPDATE code_batch SET finished_at = now()");
    run(&app, "UPDATE campaign SET issued_at = now()");
    let part = marketer.get(&format!("/campaigns/{id}/progress"));
    assert_eq!(part.header("hx-redirect"), Some(format!("/campaigns/{id}").as_str()));
    assert!(!marketer.get(&format!("/campaigns/{id}")).shows("Issuing"));
}

#[test]
fn the_rate_of_the_last_minutes_tells_how_long_it_takes() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = sending(&app);
    let note = || muster::campaigns::pace::note(&mut app.conn(), app.now()).unwrap();
    note();
    note();
    assert_eq!(make::count(&app, "SELECT count(*) FROM sending_sample"), 1, "not more often than it says anything");
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(page.shows("Sending 0 of 1,000"), "{}", page.text());
    app.clock.advance(Duration::seconds(60));
    run(&app, "UPDATE delivery SET sent_at = '2026-11-24T10:00:30Z' WHERE member_id <= 200");
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(page.shows("Sending 200 of 1,000") && page.shows("200 a minute, about 4 minutes left"), "{}", page.text());
    note();
    app.clock.advance(Duration::minutes(6));
    let page = marketer.get(&format!("/campaigns/{id}"));
    assert!(!page.shows("a minute, about"), "what was long ago says nothing: {}", page.text());
    note();
    app.clock.advance(Duration::minutes(1));
    assert!(marketer.get(&format!("/campaigns/{id}")).shows("Is a worker running?"));
    app.clock.advance(Duration::hours(2));
    note();
    assert_eq!(make::count(&app, "SELECT count(*) FROM sending_sample"), 1, "old ones are forgotten");
    run(&app, "UPDATE delivery SET sent_at = now() WHERE sent_at IS NULL");
    let part = marketer.get(&format!("/campaigns/{id}/progress"));
    assert!(part.header("hx-redirect").is_some() && !part.shows("Sending"));
}

#[test]
fn the_page_says_why_nothing_moves() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = sending(&app);
    let shows = |words: &str| {
        let page = marketer.get(&format!("/campaigns/{id}"));
        assert!(page.text_at(".doing").contains(words), "{words}: {}", page.text_at(".doing"));
    };
    shows("This channel is not set up: messages go to the Outbox.");
    run(&app, "UPDATE channel SET is_on = true, rate = 10 WHERE key = 'sms'");
    shows("At most 10 messages a second, as set in Settings → Channels.");
    run(&app, "UPDATE message SET next_attempt_at = '2026-11-24T10:20Z'");
    shows("the next try is at 11:20");
    run(&app, "UPDATE campaign SET quiet_from = '10:00', quiet_until = '12:00'");
    run(&app, "UPDATE message SET next_attempt_at = '2026-11-24T11:00Z'");
    shows("Quiet hours until 12:00. It goes on by itself then.");
    run(
        &app,
        "UPDATE channel SET refused_since = '2026-11-24T09:12Z', refusal = '535 wrong password' WHERE key = 'sms'",
    );
    shows("The provider has taken nothing since 24 Nov 2026, 10:12: 535 wrong password. Muster keeps trying.");
    run(&app, "UPDATE campaign SET paused_at = '2026-11-24T09:00Z'");
    shows("Paused since 24 Nov 2026, 10:00. It goes on where it was once you resume it.");
    run(&app, "UPDATE campaign SET paused_at = NULL, ends_at = '2026-11-24T09:59Z'");
    assert!(!marketer.get(&format!("/campaigns/{id}")).shows("Sending"), "over: nothing waits any more");
}
