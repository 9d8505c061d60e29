//! A member's groups, changed by staff.

use chrono::Duration;
use muster::ids::MemberId;
use muster::memberships::{self, Source};

use crate::support::page::Page;
use crate::support::visitor::Visitor;
use crate::support::{TestApp, make};

fn edit(agent: &Visitor, member: MemberId) -> Page {
    agent.get(&format!("/user-support/{member}")).click("Edit")
}

fn open_stays(app: &TestApp, member: MemberId) -> String {
    make::text(
        app,
        &format!(
            "SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') FROM membership JOIN member_group ON member_group.id = group_id WHERE member_id = {member} AND left_at IS NULL"
        ),
    )
}

#[test]
fn an_agent_ticks_a_group_and_saves() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    make::group(&app, "Staff picks").hidden().make();
    make::stay(&app, tea, &[ann]);

    let page = edit(&agent, ann);
    assert_eq!(page.texts_at(".checklist-items label"), ["Tea lovers", "Staff picks"]);
    assert!(page.is_ticked("Tea lovers") && !page.is_ticked("Staff picks"));
    let saved = page.form("SAVE").tick("Staff picks").untick("Tea lovers").fill("Reason", " asked by phone ").send();

    assert_eq!(saved.location, Some(format!("/user-support/{ann}")));
    let shown = saved.follow(&agent);
    assert_eq!(shown.text_at(".flash"), "Ann Abel was added to Staff picks and removed from Tea lovers.");
    assert!(shown.shows("by Sue Support: asked by phone"));
    assert_eq!(open_stays(&app, ann), "Staff picks");
    let entry = make::text(
        &app,
        "SELECT concat_ws(' | ', actor, action, subject_name, before, after) FROM audit_entry WHERE subject_kind = 'member'",
    );
    assert_eq!(
        entry,
        "Sue Support <support@example.com> | user groups changed | Ann Abel | {\"user_groups\": [\"Tea lovers\"]} | {\"reason\": \"asked by phone\", \"user_groups\": [\"Staff picks\"]}"
    );
    let detail =
        make::text(&app, "SELECT source || ' ' || (source_detail ->> 'account') FROM membership WHERE left_at IS NULL");
    assert_eq!(detail, "support Sue Support");
    assert_eq!(make::count(&app, "SELECT sum(change) FROM member_group_count"), 1);
}

#[test]
fn all_upcoming_and_active_groups_are_offered_with_their_type() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let day = Duration::days(1);
    let campaign = make::campaign(&app, "Door", "code").one_code("DOOR", None).make();
    make::group(&app, "Public one").make();
    make::group(&app, "Private one").by_code(campaign).make();
    make::group(&app, "Hidden one").hidden().make();
    make::group(&app, "Soon one").between(app.now() + day, None).make();
    let ended = make::group(&app, "Ended one").between(app.now() - day * 9, Some(app.now())).make();
    make::stay(&app, ended, &[ann]);

    let page = edit(&agent, ann);
    let lines = page.texts_at(".checklist-items li");
    assert_eq!(lines, ["Hidden one Hidden", "Private one Private", "Public one Public", "Soon one Upcoming Public"]);

    let page = page.form("SAVE").tick("Private one").tick("Soon one").send().follow(&agent);
    assert_eq!(page.text_at(".flash"), "Ann Abel was added to Private one and Soon one.");
    assert_eq!(make::count(&app, "SELECT sum(uses_taken) FROM code"), 0, "staff use up no code");
    assert_eq!(open_stays(&app, ann), "Ended one, Private one, Soon one");
}

#[test]
fn nothing_changed_writes_nothing() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    make::stay(&app, tea, &[ann]);
    let page = edit(&agent, ann);
    assert_eq!(page.link("Cancel"), format!("/user-support/{ann}"));
    let page = page.form("SAVE").fill("Reason", "none").send().follow(&agent);
    assert_eq!(page.text_at(".flash"), "Nothing was changed.");
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE subject_kind = 'member'"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM membership"), 1);
}

#[test]
fn what_changed_meanwhile_is_left_alone_and_told() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann");
    let [tea, coffee, vip, old] =
        ["Tea lovers", "Coffee club", "VIP", "Old friends"].map(|name| make::group(&app, name).make());
    make::stay(&app, coffee, &[ann]);
    let past = app.now() - Duration::days(1);
    let ended = make::group(&app, "Long ago").between(past - Duration::days(9), Some(past)).make();
    make::stay(&app, ended, &[ann]);
    let page = edit(&agent, ann);

    let conn = &mut app.conn();
    memberships::join(conn, ann, &[tea], &Source::App, app.now()).unwrap();
    memberships::leave(conn, ann, &[coffee], &Source::App, app.now()).unwrap();
    let page = page.form("SAVE").tick("VIP").send().follow(&agent);

    assert_eq!(
        page.text_at(".flash"),
        "Ann was added to VIP. Ann joined Tea lovers meanwhile; that was left as it is. Ann left Coffee club meanwhile; that was left as it is."
    );
    assert_eq!(open_stays(&app, ann), "Long ago, Tea lovers, VIP");

    // a group ends between the form and SAVE
    let page = edit(&agent, ann);
    let end = format!("UPDATE member_group SET stops_at = starts_at WHERE id IN ({old}, {vip})");
    diesel::RunQueryDsl::execute(diesel::sql_query(end), conn).unwrap();
    let page = page.form("SAVE").tick("Old friends").untick("VIP").send().follow(&agent);
    assert_eq!(
        page.text_at(".flash"),
        "Nothing was changed. Old friends and VIP ended meanwhile; nothing was changed there."
    );
    assert_eq!(open_stays(&app, ann), "Long ago, Tea lovers, VIP");
}

#[test]
fn a_rejected_form_keeps_all_that_was_typed() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    make::group(&app, "VIP").make();
    make::stay(&app, tea, &[ann]);
    for (reason, message) in [
        ("x".repeat(201), "Error: Use at most 200 characters"),
        ("a\u{1b}b".into(), "Error: Remove the control characters: type the text, or paste it as plain text"),
        ("a\nb".into(), "Error: Use a single line"),
    ] {
        let form = edit(&agent, ann).form("SAVE").tick("VIP").untick("Tea lovers").fill("Reason", &reason);
        let page = form.send();
        assert_eq!(page.status, 422);
        assert_eq!(page.error_on("Reason"), message);
        assert!(page.is_ticked("VIP") && !page.is_ticked("Tea lovers"));
        // sent again after mending, it still knows what was shown first
        let page = page.form("SAVE").fill("Reason", "مرحبا 🎉 <b>'; --").send();
        assert_eq!(page.status, 303);
        assert_eq!(open_stays(&app, ann), "VIP");
        let back = edit(&agent, ann).form("SAVE").tick("Tea lovers").untick("VIP").send();
        assert_eq!(back.status, 303);
    }
}

#[test]
fn groups_that_are_not_in_the_list_are_refused() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    let path = format!("/user-support/{ann}/user-groups");
    for bad in ["999", "abc", "", "1; DROP TABLE member", "99999999999999999999"] {
        let tea = tea.to_string();
        let page = agent.bypass(&path, &[("groups", &tea), ("groups", bad)], &path);
        assert_eq!(page.status, 422, "{bad:?}");
        assert!(page.shows("Tick groups of this list"));
        assert_eq!(open_stays(&app, ann), "");
    }
    let page = agent.bypass("/user-support/999/user-groups", &[("groups", &tea.to_string())], &path);
    assert_eq!(page.status, 404);
    // hidden fields that are made up change nothing but what they ask for
    let page = agent.bypass(&path, &[("shown", "999"), ("groups", &tea.to_string()), ("role", "admin")], &path);
    assert_eq!(page.status, 422);
}

#[test]
fn joining_issues_live_campaigns_in_the_same_transaction() {
    let app = TestApp::start();
    let agent = app.support();
    let ann = make::member(&app, "Ann Abel");
    let tea = make::group(&app, "Tea lovers").make();
    make::campaign(&app, "Latte", "app").include(tea).make();
    app.work();
    let page = edit(&agent, ann).form("SAVE").tick("Tea lovers").send().follow(&agent);
    assert!(page.shows("Ann Abel was added to Tea lovers."));
    assert_eq!(page.texts_at(".held-name"), ["Latte title Issued"]);
    let page = agent.get(&format!("/user-support/{ann}/history"));
    assert_eq!(
        page.texts_at(".history li > p:first-child")[..2],
        ["Got Latte title", "Joined Tea lovers , by Sue Support"]
    );
}
