//! Settings → Webhooks.

use chrono::Duration;
use muster::webhooks::Secret;

use super::receiver::Receiver;
use crate::support::page::Page;
use crate::support::{TestApp, make};

const PATH: &str = "/settings/webhooks";

fn shown(page: &Page) -> Secret {
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.header("cache-control"), Some("no-store"));
    Secret::parse(&page.text_at("code.api-key")).unwrap()
}

#[test]
fn a_webhook_is_added_tested_rotated_disabled_and_deleted() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    let admin = app.admin();
    assert!(admin.get(PATH).shows("Nobody is told anything yet"));

    let page = admin.get(PATH).click("Add webhook").form("Add webhook");
    let page = page.fill("URL", &receiver.url).fill("Description", "Newsletter tool").send();

    let secret = shown(&page);
    let stored = make::text(
        &app,
        "SELECT string_agg(t::text, ' ') FROM (SELECT webhook::text FROM webhook UNION ALL SELECT audit_entry::text FROM audit_entry) AS all_of_it (t)",
    );
    assert!(!stored.contains(&secret.text()) && stored.contains("webhook added"));
    let list = admin.get(PATH);
    for words in ["Newsletter tool", "All events", "Active", "by Ada Admin"] {
        assert!(list.shows(words), "{words}");
    }
    assert!(!list.html.contains("whsec_"));
    let path = list.link("Newsletter tool");

    let sent = admin.get(&path).form("Send test event").send();
    let there = sent.location.clone().unwrap();
    let page = sent.follow(&admin);
    assert!(page.shows("The test event is on its way.") && page.shows("Waiting"), "{}", page.text());
    app.send_webhooks();
    let told = receiver.take().remove(0);
    assert!(told.is_signed_by(&secret));
    assert_eq!(
        (told.kind().as_str(), told.json()["data"]["message"].as_str()),
        ("webhook.test", Some("A test event of Muster"))
    );
    let page = admin.get(&there);
    assert!(page.shows("Delivered") && page.shows("HTTP 204") && page.shows(told.id()), "{}", page.text());

    let page = admin.get(&format!("{path}/secret")).form("Rotate secret").tick("1 hour").send();
    let newer = shown(&page);
    assert!(page.shows("The secret before signs too until 24 Nov 2026, 12:00"));
    let send = || {
        admin.get(&path).form("Send test event").send();
        app.send_webhooks();
        receiver.take().remove(0)
    };
    let told = send();
    assert!(told.is_signed_by(&secret) && told.is_signed_by(&newer));
    app.clock.advance(Duration::hours(1));
    let told = send();
    assert!(!told.is_signed_by(&secret) && told.is_signed_by(&newer));

    let page = admin.get(&path).click("Disable").form("Disable").send().follow(&admin);
    assert!(
        page.shows("The webhook is disabled. What happens is kept for it.") && page.shows("It was disabled by hand.")
    );
    assert!(!page.has_button("Send test event"));
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 3));
    app.send_webhooks();
    assert!(receiver.all().is_empty());
    let page = page.form("Enable").send().follow(&admin);
    assert!(page.shows("The webhook is enabled. What happened meanwhile is sent now (3)."), "{}", page.text());
    app.send_webhooks();
    assert_eq!(receiver.take().len(), 3);

    let page = admin.get(&path).click("Delete").form("Delete").send().follow(&admin);
    assert!(page.shows("Newsletter tool is deleted, with its deliveries."));
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook_delivery"), 0);
    assert_eq!(admin.get(&path).status, 404);
    let logged = "SELECT string_agg(action, ', ' ORDER BY id) FROM audit_entry WHERE subject_kind = 'webhook'";
    assert_eq!(
        make::text(&app, logged),
        "webhook added, webhook test event sent, webhook secret rotated, webhook test event sent, webhook test event sent, \
         webhook disabled, webhook enabled, webhook deleted"
    );
}

#[test]
fn what_is_wrong_is_told_at_its_field() {
    let app = TestApp::start();
    let admin = app.admin();
    let form = || admin.get("/settings/webhooks/new").form("Add webhook");
    let page = form().fill("Description", "kept as typed").send();
    assert_eq!(
        (page.status, page.error_on("URL").as_str()),
        (422, "Error: Enter an address that begins with https://")
    );
    assert_eq!(page.value("Description"), "kept as typed");
    let page = form().fill("URL", "ftp://x").fill("Description", &"x".repeat(81)).tick("Only these").send();
    assert!(page.error_on("URL").contains("Enter an address like"));
    assert_eq!(page.error_on("Description"), "Error: Use at most 80 characters");
    assert!(page.shows("Choose at least one event, or all"));
    assert_eq!(form().fill("URL", "http://127.0.0.1/").smuggle("events", "none").send().status, 422);
    assert_eq!(make::count(&app, "SELECT count(*) FROM webhook"), 0);
    // what the choice hides is not kept
    let page = form().fill("URL", "http://127.0.0.1/").smuggle("kinds", "code.validated").send();
    assert_eq!(page.status, 200);
    assert_eq!(make::text(&app, "SELECT kinds::text FROM webhook"), "{}");
}

#[test]
fn it_is_edited() {
    let app = TestApp::start();
    let admin = app.admin();
    let (id, _) = super::hook(&app, "http://127.0.0.1:9/old", &[]);
    let page = admin.get(&format!("{PATH}/{id}")).click("Edit");
    assert_eq!(page.value("URL"), "http://127.0.0.1:9/old");
    let page = page.form("Save changes").fill("URL", "http://127.0.0.1:9/new").tick("Only these");
    let page = page.tick("code.validated: a code was used, at a till or in the app").send().follow(&admin);
    assert!(page.shows("Webhook saved.") && page.shows("http://127.0.0.1:9/new") && page.shows("code.validated"));
    let change =
        make::text(&app, "SELECT before::text || after::text FROM audit_entry WHERE action = 'webhook changed'");
    assert!(change.contains("/old") && change.contains("\"events\": \"code.validated\""), "{change}");
    let page = admin.get(&format!("{PATH}/{id}/edit")).form("Save changes").fill("URL", "nothing").send();
    assert_eq!(page.status, 422);
    assert_eq!(
        admin.bypass(&format!("{PATH}/999"), &[("url", "http://127.0.0.1/"), ("events", "all")], PATH).status,
        404
    );
}

#[test]
fn only_admins_come_here() {
    let app = TestApp::start();
    for visitor in [app.marketer(), app.support()] {
        for path in [PATH, "/settings/webhooks/new"] {
            assert_eq!(visitor.get(path).status, 403);
        }
    }
    assert!(!app.marketer().get("/settings/general").has_link("Webhooks"));
    assert!(app.admin().get("/settings/general").has_link("Webhooks"));
}

#[test]
fn the_log_has_pages_and_a_filter() {
    let app = TestApp::start();
    let admin = app.admin();
    let receiver = Receiver::start();
    let (id, _) = super::hook(&app, &receiver.url, &["membership.opened"]);
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 120));
    app.send_webhooks();
    make::run(&app, "UPDATE webhook_delivery SET state = 'failed', error = 'HTTP 500' WHERE event_id IN (3, 4)");
    let page = admin.get(&format!("{PATH}/{id}"));
    assert_eq!(page.texts_at("tbody th").first().map(String::as_str), Some("120"));
    let page = page.click("Next").click("Next");
    assert_eq!(page.texts_at("tbody th").last().map(String::as_str), Some("1"));
    assert!(!page.has_link("Next") && page.click("Previous").has_link("Next"));
    let page = admin.get(&format!("{PATH}/{id}?state=failed"));
    assert_eq!(page.texts_at("tbody th"), ["4", "3"]);
    assert!(admin.get(&format!("{PATH}/{id}?state=waiting")).shows("Nothing found for Waiting."));
}
