//! **End now** and delete.

use chrono::Duration;

use super::{LIST, accepted};
use crate::support::{TestApp, make};

#[test]
fn end_now_asks_and_stops_the_group_at_this_moment() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 3));

    let page = marketer.get(&format!("/settings/user-groups/{group}")).click("End now");
    assert!(page.shows("End Regulars now? It has 3 members."), "{}", page.text());
    let page = accepted(page.form("End now").send(), &marketer);

    assert!(page.shows("Regulars has ended.") && page.shows("Ended"), "{}", page.text());
    assert_eq!(make::text(&app, "SELECT stops_at AT TIME ZONE 'UTC' FROM member_group"), "2026-11-24 10:00:00");
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership WHERE left_at IS NULL"), 3, "they stay on record");
    assert!(!page.has_link("End now") && !page.has_button("Add member"));

    app.clock.advance(Duration::hours(1));
    let again = marketer.bypass(&format!("/settings/user-groups/{group}/end"), &[], LIST).follow(&marketer);
    assert!(again.shows("Regulars had ended already."));
    assert_eq!(make::text(&app, "SELECT stops_at AT TIME ZONE 'UTC' FROM member_group"), "2026-11-24 10:00:00");
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'user group ended'"), 1);
}

#[test]
fn a_group_that_never_began_ends_as_it_begins() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Later").between(app.now() + Duration::days(3), None).make();
    let page = marketer.get(&format!("/settings/user-groups/{group}/end")).form("End now").send();
    assert!(accepted(page, &marketer).shows("Ended"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group WHERE starts_at = stops_at"), 1);
    let page = marketer.get(&format!("/settings/user-groups/{group}/edit"));
    assert_eq!(page.form("Save changes").fill("Name", "Never").send().status, 303);
}

#[test]
fn an_unused_group_is_deleted_after_saying_how_many_members_it_has() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    make::stay(&app, group, &make::members(&app, 1200));
    let draft = make::campaign(&app, "Winter", "app").draft().include(group).make();

    let page = marketer.get(&format!("/settings/user-groups/{group}")).click("Delete");
    assert!(page.shows("It has 1,200 members."), "{}", page.text());
    assert!(page.shows("These drafts use it") && page.has_link("Winter"));
    let page = accepted(page.form("Delete group").send(), &marketer);

    assert!(page.shows("Regulars was deleted.") && page.shows("Add the first group"), "{}", page.text());
    for table in ["member_group", "membership", "campaign_group", "member_group_count"] {
        assert_eq!(make::count(&app, &format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    assert_eq!(make::count(&app, "SELECT id FROM campaign"), draft.0);
    let logged =
        "SELECT (before->>'name') || ' ' || (after->>'members') FROM audit_entry WHERE action = 'user group deleted'";
    assert_eq!(make::text(&app, logged), "Regulars 1200");
}

#[test]
fn a_group_that_a_published_campaign_uses_is_not_deleted() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let joined_by = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None).make();
    let private = make::group(&app, "Baristas").by_code(joined_by).make();
    let excluded = make::group(&app, "Staff").make();
    make::campaign(&app, "Winter", "app").exclude(excluded).make();
    for (group, campaign) in [(private, "Barista code"), (excluded, "Winter")] {
        let path = format!("/settings/user-groups/{group}/delete");
        let page = marketer.get(&path);
        assert!(page.shows("is not deleted, because published campaigns use it") && page.has_link(campaign));
        assert!(page.has_link("End now") && !page.has_button("Delete group"));
        let page = marketer.bypass(&path, &[], LIST).follow(&marketer);
        assert!(page.shows("was not deleted: a published campaign uses it. End it instead."), "{}", page.text());
    }
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group"), 2);
}
