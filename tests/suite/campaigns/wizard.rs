//! From **Create campaign** to **Publish**, step by step.

use super::{audited, begin, column, complete, newest};
use crate::support::{TestApp, make};

#[test]
fn every_kind_is_made_step_by_step() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::member(&app, "Mia");
    for (kind, channel) in [("App coupon", "app"), ("SMS coupon", "sms"), ("E-mail coupon", "email")] {
        let page = begin(&marketer, kind);
        let id = newest(&app);
        let mut form = page.form("Save and continue").fill("Campaign name", kind).fill("Title", "Free coffee");
        if channel == "sms" {
            form = form.fill("Sender", "Kestrel").fill("SMS text", "Your coffee: {link}");
        }
        if channel == "email" {
            form = form.fill("Subject", "A coffee for you").fill("Body", "Here it is: {link}");
        }
        let page = form.send();
        assert_eq!(page.location, Some(format!("/campaigns/{id}/pos-input")));
        let page = page.follow(&marketer).form("Save and continue").tick("Free item").send();
        assert_eq!(page.location, Some(format!("/campaigns/{id}/receivers")));
        let page = page.follow(&marketer).form("Save and continue").tick("Everyone").send();
        assert_eq!(page.location, Some(format!("/campaigns/{id}/time-settings")));
        let form = page.follow(&marketer).form("Save and continue");
        let page = form.fill("Start", "2026-11-25T09:00").fill("End", "2026-12-24T23:59").send();
        assert_eq!(page.location, Some(format!("/campaigns/{id}/review")));
        let page = page.follow(&marketer).form("Publish").send();
        assert_eq!(page.location, Some(format!("/campaigns/{id}")));
        let page = page.follow(&marketer);
        assert!(page.shows(&format!("{kind} is published. It goes live at its start.")), "{}", page.text());
        assert!(page.shows("Scheduled"));
        assert_eq!(column(&app, id, "code_source"), "personal");
        assert_eq!(column(&app, id, "also_later"), (channel == "app").to_string());
        assert_eq!(column(&app, id, "starts_at AT TIME ZONE 'UTC'"), "2026-11-25 08:00:00");
        assert_eq!(column(&app, id, "ends_at AT TIME ZONE 'UTC'"), "2026-12-24 23:00:00");
    }
    assert_eq!(audited(&app, "campaign published"), 3);
    assert_eq!(audited(&app, "campaign draft begun"), 3);
}

#[test]
fn a_code_coupon_has_its_code_once_it_is_published() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = complete(&marketer, "Barista join", "bari-sta");
    assert!(page.shows("One code, BARISTA, any number of validations"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 0);

    let page = page.form("Publish").send().follow(&marketer);

    assert!(page.shows("Barista join is published. It is live now.") && page.shows("Live"), "{}", page.text());
    assert_eq!(make::text(&app, "SELECT text FROM code"), "BARISTA");
}

#[test]
fn a_draft_is_left_and_resumed_from_the_list() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = begin(&marketer, "App coupon");
    let page = page.form("Save draft").fill("Campaign name", "Winter").fill("Text", "Warm up").send();
    let page = page.follow(&marketer);
    assert!(page.shows("Draft saved."));
    assert_eq!(page.value("Text"), "Warm up");

    let page = marketer.get("/campaigns").click("Winter");
    assert!(page.shows("Draft") && page.shows("things are missing before it can be published"));
    let page = page.click("Continue");
    assert_eq!(page.value("Campaign name"), "Winter");
    assert_eq!(page.texts_at(".step a"), ["1. Content", "2. POS Input", "3. Receivers", "4. Time settings", "Review"]);
    assert_eq!(page.texts_at(".step-state"), ["You are here", "To do", "To do", "To do", "To do"]);
    let page = page.click("2. POS Input");
    assert_eq!(page.texts_at(".step-state"), ["Needs a look", "You are here", "To do", "To do", "To do"]);
    let page = page.form("Save and continue").tick("Entry only").send().follow(&marketer);
    assert_eq!(page.texts_at(".step-state"), ["Needs a look", "Done", "You are here", "To do", "To do"]);
}

#[test]
fn saving_the_same_again_writes_nothing() {
    let app = TestApp::start();
    let marketer = app.marketer();
    complete(&marketer, "Same", "SAME1");
    let entries = make::count(&app, "SELECT count(*) FROM audit_entry");
    let id = newest(&app);
    for step in ["content", "pos-input", "receivers", "time-settings"] {
        let page = marketer.get(&format!("/campaigns/{id}/{step}")).form("Save draft").send();
        assert_eq!(page.status, 303, "{step}: {}", page.text());
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry"), entries);
}

#[test]
fn unknown_kinds_and_campaigns_are_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for kind in ["", "push", "game", "'; DROP TABLE campaign"] {
        let page = marketer.bypass("/campaigns", &[("kind", kind)], "/campaigns/new");
        assert_eq!(page.status, 422);
        assert!(page.shows("Choose a kind of campaign"));
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign"), 0);
    for path in [
        "/campaigns/99",
        "/campaigns/99/content",
        "/campaigns/x/review",
        "/campaigns/99/cancel",
        "/campaigns/99999999999999999999",
    ] {
        assert_eq!(marketer.get(path).status, 404, "{path}");
    }
    for path in ["/campaigns/99/publication", "/campaigns/99/pause", "/campaigns/99/duplicate", "/campaigns/99/delete"]
    {
        assert_eq!(marketer.bypass(path, &[], "/campaigns/new").status, 404, "{path}");
    }
    let page = marketer.get("/campaigns/new");
    assert!(!page.shows("Push notification") && !page.shows("Game"));
}
