//! A group's edit page.

use chrono::Duration;

use super::accepted;
use crate::support::{TestApp, make};

#[test]
fn a_group_is_shown_as_it_is_and_changed() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let campaign = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None).make();
    let group = make::group(&app, "Baristas").by_code(campaign).order(3).make();
    make::stay(&app, group, &[make::member(&app, "Ana")]);

    let page = marketer.get(&format!("/settings/user-groups/{group}")).click("Edit");
    assert_eq!((page.value("Name"), page.value("Order")), ("Baristas".into(), "3".into()));
    assert_eq!(page.value("Start date"), "2026-11-23");
    assert!(page.is_ticked("User viewable") && page.is_ticked("By code"));
    assert_eq!(page.value("Campaign"), campaign.to_string());
    let page = accepted(page.form("Save changes").fill("Name", "baristas").tick("Open").send(), &marketer);

    assert!(
        page.shows(
            "Changes saved. Who is in it stays in it: 1 members. Codes of its former campaign no longer let members in."
        ),
        "{}",
        page.text()
    );
    let stored = "SELECT concat_ws('|', name, join_type, campaign_id, display_order) FROM member_group";
    assert_eq!(make::text(&app, stored), "baristas|open|3");
    let logged = "SELECT before->>'join_type' || ' ' || (after->>'join_type') FROM audit_entry WHERE action = 'user group changed'";
    assert_eq!(make::text(&app, logged), "code open");
}

#[test]
fn a_hidden_group_forgets_what_only_a_viewable_one_has() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").order(3).make();
    let page = marketer.get(&format!("/settings/user-groups/{group}/edit"));
    accepted(page.form("Save changes").untick("User viewable").send(), &marketer);
    let stored = "SELECT concat_ws('|', viewable, join_type, display_order, description) FROM member_group";
    assert_eq!(make::text(&app, stored), "f|0|About Regulars");
}

#[test]
fn rules_hold_for_changes_too() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::group(&app, "Other").make();
    let group = make::group(&app, "Regulars").make();
    let form = marketer.get(&format!("/settings/user-groups/{group}/edit")).form("Save changes");
    let page = form.clone().fill("Name", "OTHER").fill("Description", "Kept as typed").send();
    assert_eq!(page.error_on("Name"), "Error: Another group has this name. Enter a different one.");
    assert_eq!(page.value("Description"), "Kept as typed");
    assert_eq!(form.clone().fill("Description", "").send().status, 422);
    assert_eq!(form.fill("Stop date", "2026-11-22").send().status, 422);
    assert_eq!(make::text(&app, "SELECT name FROM member_group WHERE id = 2"), "Regulars");
}

#[test]
fn a_group_that_ended_in_the_middle_of_a_day_keeps_that_moment_until_another_day_is_chosen() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let stop = app.now() - Duration::hours(1);
    let group = make::group(&app, "Regulars").between(app.now() - Duration::days(9), Some(stop)).make();
    let page = marketer.get(&format!("/settings/user-groups/{group}/edit"));
    assert_eq!(page.value("Stop date"), "2026-11-24");
    assert!(page.shows("It stops on 24 Nov 2026, 10:00. Choose another day to change that."), "{}", page.text());
    accepted(page.form("Save changes").fill("Name", "Renamed").send(), &marketer);
    let stored = "SELECT stops_at AT TIME ZONE 'UTC' FROM member_group";
    assert_eq!(make::text(&app, stored), "2026-11-24 09:00:00");

    let again = accepted(page.form("Save changes").fill("Stop date", "2026-11-25").send(), &marketer);
    assert!(again.shows("It is active now."), "{}", again.text());
    assert_eq!(make::text(&app, stored), "2026-11-25 23:00:00");
}

#[test]
fn a_cancelled_campaign_can_be_kept_but_warns() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let campaign = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None).make();
    let group = make::group(&app, "Baristas").by_code(campaign).make();
    diesel::RunQueryDsl::execute(diesel::sql_query("UPDATE campaign SET cancelled_at = now()"), &mut app.conn())
        .unwrap();
    let page = marketer.get(&format!("/settings/user-groups/{group}/edit"));
    let page = accepted(page.form("Save changes").fill("Name", "Barista club").send(), &marketer);
    assert!(page.shows("Changes saved. Nobody can join from now on: the campaign is cancelled."), "{}", page.text());
    assert_eq!(page.link("Choose another campaign"), format!("/settings/user-groups/{group}/edit"));
}

#[test]
fn an_unknown_group_is_not_found() {
    let app = TestApp::start();
    let marketer = app.marketer();
    for path in ["999", "999/edit", "999/end", "999/delete", "999/members.csv", "x", "-1", "99999999999999999999"] {
        assert_eq!(marketer.get(&format!("/settings/user-groups/{path}")).status, 404, "{path}");
    }
    let new = "/settings/user-groups/new";
    let fields = [("name", "X"), ("start_date", "2026-11-24")];
    assert_eq!(marketer.bypass("/settings/user-groups/999", &fields, new).status, 404);
    for path in ["end", "delete", "coverage", "members/1/removal"] {
        assert_eq!(marketer.bypass(&format!("/settings/user-groups/999/{path}"), &[], new).status, 404, "{path}");
    }
}
