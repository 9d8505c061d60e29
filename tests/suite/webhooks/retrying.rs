//! Receivers that refuse, are silent, hang up, or are gone.

use chrono::Duration;

use super::hook;
use super::receiver::Receiver;
use crate::support::{TestApp, make};

fn something_happens(app: &TestApp) {
    let group = make::count(app, "SELECT count(*) FROM member_group") + 1;
    let ann = make::member(app, &format!("Ann {group}"));
    let group = make::group(app, &format!("Group {group}")).make();
    make::stay(app, group, &[ann]);
}

fn state(app: &TestApp) -> String {
    make::text(
        app,
        "SELECT string_agg(state || ' ' || attempts || ' ' || coalesce(error, '-'), '; ' ORDER BY event_id) FROM webhook_delivery",
    )
}

#[test]
fn what_fails_is_tried_again_with_the_same_id() {
    for (answer, error) in [
        ("503 So\r\n", "HTTP 503: no way"),
        ("400 So\r\n", "HTTP 400: no way"),
        ("302 So\r\nLocation: http://127.0.0.1:1/\r\n", "HTTP 302: no way"),
        ("silent", "No answer within 1 s"),
        ("dead", "The connection failed"),
    ] {
        let app = TestApp::start();
        let receiver = Receiver::start();
        let (_, secret) = hook(&app, &receiver.url, &["membership.opened"]);
        receiver.answer(answer.trim_end());
        something_happens(&app);

        app.send_webhooks();

        assert!(state(&app).starts_with(&format!("queued 1 {error}")), "{answer}: {}", state(&app));
        app.send_webhooks();
        assert_eq!(receiver.all().len(), 1, "{answer}: not at once");
        receiver.answer("204 So");
        app.clock.advance(Duration::seconds(10));
        app.send_webhooks();
        assert_eq!(state(&app), "delivered 2 -", "{answer}");
        let [first, second] = &receiver.take()[..] else { panic!() };
        assert_eq!((first.id(), &first.body), (second.id(), &second.body));
        assert!(first.is_signed_by(&secret) && second.is_signed_by(&secret));
        assert_ne!(first.headers["webhook-timestamp"], second.headers["webhook-timestamp"]);
        app.clock.advance(Duration::days(1));
        app.send_webhooks();
        assert!(receiver.all().is_empty());
        let failing =
            "SELECT count(*) FROM webhook WHERE failing_since IS NOT NULL OR failures > 0 OR rest_until IS NOT NULL";
        assert_eq!(make::count(&app, failing), 0);
    }
}

#[test]
fn one_that_asks_to_wait_is_left_alone() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["membership.opened"]);
    receiver.answer("429 So\r\nRetry-After: 600");
    something_happens(&app);
    app.send_webhooks();
    receiver.answer("204 So");
    something_happens(&app);
    app.clock.advance(Duration::seconds(590));
    app.send_webhooks();
    assert_eq!(receiver.all().len(), 1, "neither this event nor another");
    app.clock.advance(Duration::seconds(20));
    app.send_webhooks();
    assert_eq!(receiver.all().len(), 3);
}

#[test]
fn one_event_that_is_refused_holds_up_no_other_and_is_given_up_after_days() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["membership.opened"]);
    receiver.answer("422 So");
    something_happens(&app);
    app.send_webhooks();
    let poison = receiver.take()[0].id().to_owned();
    receiver.answer("204 So");
    receiver.refuse(&poison);
    let mut attempts = 1;
    for hour in 0..110 {
        something_happens(&app);
        app.clock.advance(Duration::hours(1));
        app.send_webhooks();
        // after a refusal it rests for a moment
        app.clock.advance(Duration::seconds(5));
        app.send_webhooks();
        let told = receiver.take();
        let again = told.iter().filter(|told| told.id() == poison).count();
        assert_eq!(told.len() - again, 1, "the other one of hour {hour}");
        attempts += again;
    }
    assert_eq!(attempts, 14);
    assert!(state(&app).starts_with("failed 14 HTTP 422: no way; delivered 1 -; "), "{}", state(&app));
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook WHERE disabled_at IS NOT NULL"), 0);
}

#[test]
fn one_that_does_not_answer_for_days_is_disabled_and_catches_up_later() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    app.admin();
    app.marketer();
    let (id, _) = hook(&app, &receiver.url, &["membership.opened"]);
    receiver.answer("500 So");
    something_happens(&app);
    for _ in 0..71 {
        app.send_webhooks();
        app.clock.advance(Duration::hours(1));
    }
    assert_eq!(make::text(&app, "SELECT coalesce(disabled_why, 'on') FROM webhook"), "on");
    assert!(app.admin().get("/settings/webhooks").shows("Failing"));
    for _ in 0..30 {
        something_happens(&app);
        app.clock.advance(Duration::hours(1));
        app.send_webhooks();
    }

    assert_eq!(make::text(&app, "SELECT disabled_why FROM webhook"), "failing");
    let mail = "SELECT string_agg(recipient || ' ' || subject || ' ' || body, '; ') FROM message WHERE purpose = 'staff' AND subject LIKE '%ebhook%'";
    let mail = make::text(&app, mail);
    assert!(
        mail.starts_with("admin@example.com ") && mail.contains("HTTP 500") && !mail.contains("marketer"),
        "{mail}"
    );
    assert!(mail.contains(&format!("/settings/webhooks/{id}")));
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'webhook disabled' AND actor = 'Muster'"),
        1
    );
    let admin = app.admin();
    let page = admin.get(&format!("/settings/webhooks/{id}"));
    assert!(page.shows("It did not answer for three days.") && page.has_button("Enable"));
    let before = receiver.take().len();
    assert!(before < 60, "it was not hammered: {before}");

    receiver.answer("204 So");
    something_happens(&app);
    app.send_webhooks();
    assert!(receiver.all().is_empty(), "nothing is sent to one that is disabled");
    let page = page.form("Enable").send().follow(&admin);
    assert!(page.shows("The webhook is enabled. What happened meanwhile is sent now"), "{}", page.text());
    app.clock.advance(Duration::days(2));
    app.send_webhooks();
    let mut ids: Vec<String> = receiver.all().iter().map(|told| told.id().to_owned()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), receiver.all().len(), "each once");
    assert_eq!(
        i64::try_from(ids.len()).unwrap(),
        make::count(&app, "SELECT count(*) FROM webhook_event"),
        "all of them"
    );
}

#[test]
fn one_that_is_gone_is_disabled_at_once() {
    let app = TestApp::start();
    app.admin();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["membership.opened"]);
    receiver.answer("410 So");
    something_happens(&app);
    app.send_webhooks();
    assert_eq!(make::text(&app, "SELECT disabled_why FROM webhook"), "gone");
    assert_eq!(make::count(&app, "SELECT count(*) FROM message WHERE purpose = 'staff' AND body LIKE '%410%'"), 1);
}

#[test]
fn events_are_kept_for_thirty_days() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &["membership.opened"]);
    something_happens(&app);
    app.send_webhooks();
    app.clock.advance(Duration::days(20));
    something_happens(&app);
    app.send_webhooks();
    app.clock.advance(Duration::days(11));
    muster::webhooks::sweep::sweep(&mut app.app_conn(), app.now()).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook_event"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook_delivery"), 1);
}
