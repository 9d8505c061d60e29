//! Resend and Replay.

use chrono::Duration;

use super::hook;
use super::receiver::Receiver;
use crate::support::{TestApp, make};

fn ids(receiver: &Receiver) -> Vec<String> {
    receiver.take().iter().map(|told| told.id().to_owned()).collect()
}

#[test]
fn events_are_sent_again_from_an_event_or_a_time_or_one_alone() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    let admin = app.admin();
    let (id, _) = hook(&app, &receiver.url, &["membership.opened"]);
    let path = format!("/settings/webhooks/{id}");
    let group = make::group(&app, "Regulars").make();
    let members = make::members(&app, 5);
    for member in &members {
        make::stay(&app, group, &[*member]);
        app.send_webhooks();
        app.clock.advance(Duration::hours(1));
    }
    let all = ids(&receiver);
    assert_eq!(all.len(), 5);
    let replay = || admin.get(&path).click("Replay").form("Replay");

    let page = replay().fill("Event", "4").send().follow(&admin);
    assert!(page.shows("2 events are sent again."), "{}", page.text());
    app.send_webhooks();
    assert_eq!(ids(&receiver), all[3..]);

    // Berlin: an hour before UTC's 12:00
    let page = replay().tick("A time").fill("Time", "2026-11-24T13:00").send().follow(&admin);
    assert!(page.shows("3 events are sent again."), "{}", page.text());
    app.send_webhooks();
    assert_eq!(ids(&receiver), all[2..]);

    let page = admin.get(&format!("{path}/deliveries/2")).form("Resend").send().follow(&admin);
    assert!(page.shows("Event 2 is sent again, with the same webhook-id."), "{}", page.text());
    app.send_webhooks();
    assert_eq!(ids(&receiver), all[1..2]);
    assert!(admin.get(&path).shows("HTTP 204"));

    for (field, value, label) in [("event", "", "Event"), ("event", "0", "Event"), ("event", "x", "Event")] {
        let page = replay().smuggle(field, value).send();
        assert_eq!((page.status, page.error_on(label).contains("Enter an event’s number")), (422, true));
    }
    assert_eq!(replay().tick("A time").send().error_on("Time"), "Error: Enter a time");
    let page = replay().fill("Event", "99").send().follow(&admin);
    assert!(page.shows("There are no such events: nothing is sent again."));
    let logged = "SELECT string_agg(action, ', ' ORDER BY id) FROM audit_entry WHERE subject_kind = 'webhook'";
    let logged = make::text(&app, logged);
    assert_eq!(
        logged,
        "webhook events replayed, webhook events replayed, webhook event resent, webhook events replayed"
    );
    assert_eq!(admin.get(&format!("{path}/deliveries/99")).status, 404);
}

/// What comes back is in order, whatever was delivered before.
#[test]
fn a_webhook_added_later_can_be_told_what_was_before() {
    let app = TestApp::start();
    let (first, later) = (Receiver::start(), Receiver::start());
    let admin = app.admin();
    hook(&app, &first.url, &[]);
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 40));
    app.send_webhooks();
    let (id, _) = hook(&app, &later.url, &["membership.opened"]);
    app.send_webhooks();
    assert!(later.all().is_empty());
    let page = admin.get(&format!("/settings/webhooks/{id}/replay")).form("Replay").fill("Event", "1").send();
    assert!(page.follow(&admin).shows("40 events are sent again."));
    app.send_webhooks();
    assert_eq!(ids(&later), ids(&first));
}
