//! **Add group**: accepted, and rejected for each rule.

use super::{LIST, NEW, accepted};
use crate::support::{TestApp, make};

#[test]
fn a_hidden_group_needs_a_name_and_a_start_only() {
    let app = TestApp::start();
    let marketer = app.marketer();

    let form = marketer.get(LIST).click("Add group");
    assert_eq!(form.value("Start date"), "2026-11-24", "today");
    assert!(!form.is_ticked("User viewable"));
    let page = accepted(form.form("Save changes").fill("Name", " Staff picks ").send(), &marketer);

    assert!(page.shows("Group added. Add members here or in User support."), "{}", page.text());
    assert_eq!(page.text_at("h1"), "Staff picks");
    let stored = "SELECT concat_ws('|', name, description, starts_at AT TIME ZONE 'UTC', stops_at, viewable, join_type, campaign_id, display_order) FROM member_group";
    assert_eq!(make::text(&app, stored), "Staff picks||2026-11-23 23:00:00|f|0");
    let logged = "SELECT action || ' ' || subject_kind || ' ' || subject_name || ' ' || actor FROM audit_entry ORDER BY id DESC LIMIT 1";
    assert_eq!(make::text(&app, logged), "user group added group Staff picks Max Marketer <marketer@example.com>");
}

#[test]
fn a_public_group_says_from_when_members_can_join() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = marketer.get(NEW).form("Save changes").fill("Name", "Regulars").fill("Description", "One\nTwo");
    let form = form.fill("Start date", "2026-12-01").fill("Stop date", "2026-12-31").tick("User viewable");

    let page = accepted(form.tick("Open").fill("Order", "7").send(), &marketer);

    assert!(page.shows("Group added. Members can join from 1 Dec 2026."), "{}", page.text());
    let stored = "SELECT concat_ws('|', starts_at AT TIME ZONE 'UTC', stops_at AT TIME ZONE 'UTC', join_type, display_order) FROM member_group";
    assert_eq!(make::text(&app, stored), "2026-11-30 23:00:00|2026-12-31 23:00:00|open|7");
}

#[test]
fn a_private_group_joins_by_a_campaign() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let campaign = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None).make();
    let form = marketer.get(NEW).form("Save changes").fill("Name", "Baristas").fill("Description", "For baristas");
    let form = form.fill("Stop date", "2026-12-01").tick("User viewable").tick("By code");

    let page = accepted(form.choose("Campaign", "Barista code").send(), &marketer);

    assert!(page.shows("Group added. Members can join now."), "{}", page.text());
    assert!(page.has_link("Barista code") && page.shows("Members join with its codes"));
    assert_eq!(make::count(&app, "SELECT campaign_id FROM member_group"), campaign.0);
}

#[test]
fn every_error_is_told_at_once_and_nothing_typed_is_lost() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = marketer.get(NEW).form("Save changes").fill("Description", " ").fill("Start date", "").tick("By code");

    let form = form.fill("Stop date", "31.12.2026").tick("User viewable").fill("Order", "10000");
    let page = form.send();

    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Name"), "Error: Enter a group name");
    assert_eq!(page.error_on("Description"), "Error: Enter a description: the app shows it");
    assert_eq!(page.error_on("Start date"), "Error: Enter a start date");
    assert_eq!(page.error_on("Stop date"), "Error: Enter a date like 2026-03-29");
    assert_eq!(page.error_on("Campaign"), "Error: Choose a campaign");
    assert_eq!(page.error_on("Order"), "Error: Enter a whole number from 0 to 9999");
    assert_eq!((page.value("Order"), page.value("Stop date")), ("10000".into(), "31.12.2026".into()));
    assert!(page.is_ticked("User viewable") && page.is_ticked("By code"));
    assert_eq!(page.texts_at(".error-summary li").len(), 6);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group"), 0);
}

#[test]
fn a_stop_before_the_start_is_refused_and_the_same_day_is_not() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let form = |stop: &str| marketer.get(NEW).form("Save changes").fill("Name", "Day").fill("Stop date", stop).send();
    assert_eq!(form("2026-11-23").error_on("Stop date"), "Error: Enter a stop date that is not before the start date");
    assert_eq!(form("2026-11-24").status, 303);
}

#[test]
fn a_name_is_unique_whatever_its_case() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::group(&app, "Café Friends").make();
    let page = marketer.get(NEW).form("Save changes").fill("Name", "CAFÉ friends").send();
    assert_eq!(page.status, 422);
    assert_eq!(page.error_on("Name"), "Error: Another group has this name. Enter a different one.");
}

#[test]
fn hidden_values_are_not_kept_even_when_they_are_sent() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let campaign = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None).make().to_string();
    let fields = [("name", "One"), ("start_date", "2026-11-24"), ("join_type", "code"), ("order", "9")];
    let mut fields = fields.to_vec();
    fields.push(("campaign", &campaign));
    assert_eq!(marketer.bypass(LIST, &fields, NEW).status, 303);
    fields.extend([("viewable", "on"), ("description", "About")]);
    fields[0].1 = "Two";
    fields[2].1 = "open";
    assert_eq!(marketer.bypass(LIST, &fields, NEW).status, 303);
    let stored = "SELECT string_agg(concat_ws('|', name, join_type, campaign_id, display_order), ' ' ORDER BY id) FROM member_group";
    assert_eq!(make::text(&app, stored), "One|0 Two|open|9");
}

#[test]
fn only_free_campaigns_that_allow_it_are_offered_and_taken() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let taken = make::campaign(&app, "Taken", "code").one_code("TAKEN1", None).make();
    make::group(&app, "First").by_code(taken).make();
    let till_only = make::campaign(&app, "Till only", "code").one_code("TILL1", None).in_app(false).make();
    let cancelled = make::campaign(&app, "Gone", "code").one_code("GONE1", None).make();
    diesel::RunQueryDsl::execute(
        diesel::sql_query(format!("UPDATE campaign SET cancelled_at = now() WHERE id = {cancelled}")),
        &mut app.conn(),
    )
    .unwrap();
    make::campaign(&app, "Free", "app").in_app(true).draft().make();
    let page = marketer.get(NEW);
    let offered = ["Choose a campaign", "Create a code campaign for this group", "Free"];
    assert_eq!(page.texts_at("#field-campaign option"), offered);

    let with = |campaign: &str| {
        let form = marketer.get(NEW).form("Save changes").fill("Name", "Second").fill("Description", "About");
        let page = form.tick("User viewable").tick("By code").smuggle("campaign", campaign).send();
        assert_eq!(page.status, 422);
        page.error_on("Campaign")
    };
    assert_eq!(with(&taken.to_string()), "Error: Another group joins by this campaign. Choose a different one.");
    assert!(with(&till_only.to_string()).contains("does not allow in-app validation"));
    assert_eq!(with(&cancelled.to_string()), "Error: This campaign is cancelled. Choose a different one.");
    assert_eq!(with("999999"), "Error: Choose a campaign");
    assert_eq!(with("1; DROP TABLE campaign"), "Error: Choose a campaign");
}
