//! Step **3. Receivers**.

use super::{begin, column, newest};
use crate::support::{TestApp, make};

#[test]
fn groups_are_included_and_excluded() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (vip, staff) = (make::group(&app, "VIP").make(), make::group(&app, "Staff").hidden().make());
    begin(&marketer, "SMS coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    assert!(page.shows("Choose who receives the campaign: the numbers appear here."));
    let form = page.form("Save and continue").tick("Send to member group").tick("Include VIP").tick("Exclude Staff");
    let page = form.tick("Also members who join later").send();
    assert_eq!(page.status, 303, "{}", page.text());
    let stored = make::text(
        &app,
        "SELECT string_agg(group_id || ':' || included, ',' ORDER BY included DESC) FROM campaign_group",
    );
    assert_eq!(stored, format!("{vip}:true,{staff}:false"));
    assert_eq!(column(&app, id, "everyone || '|' || also_later"), "false|true");
    let page = marketer.get("/campaigns");
    assert!(page.shows("VIP, but not Staff"));

    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    assert!(page.is_ticked("Include VIP") && page.is_ticked("Exclude Staff") && !page.is_ticked("Exclude VIP"));
    page.form("Save draft").tick("Everyone").send();
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign_group"), 0, "groups do not count for everyone");
    assert_eq!(column(&app, id, "everyone || '|' || also_later"), "true|false");
}

#[test]
fn the_app_takes_members_who_join_later_by_default() {
    let app = TestApp::start();
    let marketer = app.marketer();
    make::group(&app, "VIP").make();
    for (kind, ticked) in [("App coupon", true), ("SMS coupon", false)] {
        begin(&marketer, kind);
        let page = marketer.get(&format!("/campaigns/{}/receivers", newest(&app)));
        assert_eq!(page.is_ticked("Also members who join later"), ticked, "{kind}");
    }
    begin(&marketer, "Code coupon");
    let page = marketer.get(&format!("/campaigns/{}/receivers", newest(&app)));
    assert!(!page.has_control("Also members who join later"));
}

#[test]
fn ended_groups_are_not_offered_and_unknown_ones_refused() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let past = app.now() - chrono::Duration::days(9);
    let past_end = Some(app.now() - chrono::Duration::days(1));
    make::group(&app, "Over").between(past, past_end).make();
    make::group(&app, "Soon").between(app.now() + chrono::Duration::days(1), None).make();
    begin(&marketer, "App coupon");
    let id = newest(&app);
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    assert!(page.has_control("Include Soon") && !page.has_control("Include Over"));
    let page = page.form("Save draft").tick("Send to member group").smuggle("group-999", "include").send();
    assert_eq!(page.status, 422);
    assert!(page.shows("One of the groups is gone"));
    let page = marketer.get(&format!("/campaigns/{id}/receivers"));
    assert_eq!(page.form("Save draft").smuggle("audience", "friends").send().status, 422);
    assert_eq!(page.form("Save draft").smuggle("group-x'; --", "include").send().status, 303);
    assert_eq!(column(&app, id, "everyone"), "");
}
