//! Settings → General.

use chrono::Duration;

use crate::support::{TestApp, make};

const PATH: &str = "/settings/general";

#[test]
fn settings_begin_with_general() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let page = marketer.get("/settings").follow(&marketer);
    assert_eq!(page.text_at("nav[aria-label=Settings] [aria-current]"), "General");
    assert_eq!(page.click("User Groups").text_at("nav[aria-label=Settings] [aria-current]"), "User Groups");
}

#[test]
fn what_is_saved_shows_at_once_everywhere() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = marketer.get(PATH).form("Save changes").fill("Organisation name", "Kestrel Coffee");
    let form = form.fill("Colour", "#7A1FA2").choose("Language of dates", "German");
    let form = form.choose("Currency", "CHF – Swiss franc").choose("Phone region", "Switzerland");

    let page = form.send().follow(&marketer);

    assert!(page.shows("Changes saved.") && page.shows("Kestrel Coffee"));
    assert_eq!((page.value("Currency"), page.value("Phone region")), ("CHF".into(), "CH".into()));
    assert!(app.visitor().get("/organisation.css").html.contains("#7a1fa2"));
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &[]);
    let logged = "SELECT (before->>'name') || ' ' || (after->>'name') || ' ' || (after->>'phone_region') FROM audit_entry WHERE action = 'settings changed'";
    assert_eq!(make::text(&app, logged), "Muster Kestrel Coffee CH");
}

#[test]
fn each_rule_is_told_at_its_field_and_nothing_is_saved() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = marketer.get(PATH).form("Save changes").fill("Organisation name", " ").smuggle("time_zone", "Mars/Base");
    let form = form.smuggle("colour", "red").smuggle("date_language", "tlh").smuggle("currency", "EURO");

    let page = form.smuggle("phone_region", "XX").send();

    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Organisation name"), "Error: Enter the organisation’s name");
    assert_eq!(page.error_on("Time zone"), "Error: Choose a time zone");
    assert_eq!(page.error_on("Colour"), "Error: Choose a colour, like #206bc4");
    assert_eq!(page.error_on("Language of dates"), "Error: Choose a language");
    assert_eq!(page.error_on("Currency"), "Error: Choose a currency");
    assert_eq!(page.error_on("Phone region"), "Error: Choose a country");
    for name in ["x".repeat(81), "a\0b".into(), "a\nb".into()] {
        let form = marketer.get(PATH).form("Save changes").fill("Organisation name", &name);
        assert_eq!(form.send().status, 422);
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM setting WHERE organisation_name = 'Muster'"), 1);
}

#[test]
fn a_changed_time_zone_keeps_the_days_of_groups() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let new = "/settings/user-groups/new";
    let form = marketer.get(new).form("Save changes").fill("Name", "Spring").fill("Start date", "2027-03-28");
    assert_eq!(form.fill("Stop date", "2027-03-28").send().status, 303);
    let ended = app.now() - Duration::minutes(7);
    make::group(&app, "Ended").between(app.now() - Duration::days(2), Some(ended)).make();
    let stored = |name: &str| {
        let sql = "SELECT concat_ws(' ', starts_at AT TIME ZONE 'UTC', stops_at AT TIME ZONE 'UTC') FROM member_group";
        make::text(&app, &format!("{sql} WHERE name = '{name}'"))
    };
    assert_eq!(stored("Spring"), "2027-03-27 23:00:00 2027-03-28 22:00:00");
    let before = stored("Ended");

    let page = marketer.get(PATH).form("Save changes").choose("Time zone", "America/New_York").send();
    let page = page.follow(&marketer);

    assert!(
        page.shows(
            "Days and times are now those of America/New_York. User groups start and stop on the same days as before."
        ),
        "{}",
        page.text()
    );
    assert_eq!(stored("Spring"), "2027-03-28 04:00:00 2027-03-29 04:00:00");
    assert_eq!(stored("Ended"), before, "moments within a day stay");
    let list = marketer.get("/settings/user-groups?q=spring");
    assert!(list.shows("28 Mar 2027"));
    let back = marketer.get(PATH).form("Save changes").choose("Time zone", "Europe/Berlin").send();
    assert_eq!(back.status, 303);
    assert_eq!(stored("Spring"), "2027-03-27 23:00:00 2027-03-28 22:00:00");
}

#[test]
fn support_and_strangers_are_kept_out() {
    let app = TestApp::start();
    let (support, stranger) = (app.support(), app.visitor());
    for path in ["/settings", PATH] {
        assert_eq!((support.get(path).status, stranger.get(path).status), (403, 303), "{path}");
    }
    assert_eq!(support.bypass(PATH, &[("name", "Hacked")], "/").status, 403);
    assert_eq!(stranger.post(PATH, &[("name", "Hacked")]).status, 303);
    assert_eq!(app.admin().get(PATH).status, 200);
}
