//! A group's page: figures, chart, how they joined, campaigns.

use diesel::RunQueryDsl;

use crate::support::{TestApp, make};

#[test]
fn figures_and_the_chart_count_joins_and_leavings_by_day() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").make();
    let ids = make::members(&app, 8);
    let rows = [
        // at 00:30 on the 20th in Berlin
        (0, "2026-11-19 23:30Z", "app", "NULL, NULL"),
        (1, "2026-11-20 12:00Z", "app", "'2026-11-21 12:00Z', 'app'"),
        (2, "2026-11-20 12:00Z", "code", "NULL, NULL"),
        (3, "2026-01-01 12:00Z", "support", "NULL, NULL"),
    ];
    for (member, at, source, left) in rows {
        let sql = format!(
            "INSERT INTO membership (member_id, group_id, joined_at, source, left_at, left_source)
             VALUES ({}, {group}, '{at}', '{source}', {left})",
            ids[member]
        );
        diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
    }

    let page = marketer.get(&format!("/settings/user-groups/{group}"));

    assert_eq!(page.texts_at(".figure-number"), ["3", "37.5 %", "3", "1"]);
    let days = page.texts_at(".chart tbody tr");
    assert_eq!(days.len(), 90);
    assert_eq!(
        days[85..],
        ["20 Nov 2026 3 0", "21 Nov 2026 0 1", "22 Nov 2026 0 0", "23 Nov 2026 0 0", "24 Nov 2026 0 0"]
    );
    let ways = page.texts_at(".panels .panel:first-child tbody tr");
    assert_eq!(ways, ["By the switch in the app 1", "With a code 1", "Added by dashboard users 1"]);
}

#[test]
fn campaigns_that_use_the_group_are_linked() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let own = make::campaign(&app, "Barista code", "code").one_code("BARISTA", None).make();
    let group = make::group(&app, "Baristas").by_code(own).make();
    let winter = make::campaign(&app, "Winter", "app").include(group).make();
    make::campaign(&app, "Summer", "sms").exclude(group).draft().make();
    let page = marketer.get(&format!("/settings/user-groups/{group}"));
    assert_eq!(
        page.texts_at(".panels .rows li"),
        [
            "Barista code Live Members join with its codes",
            "Summer Draft Excludes this group",
            "Winter Live Includes this group"
        ]
    );
    assert_eq!(page.link("Winter"), format!("/campaigns/{winter}"));
}

#[test]
fn facts_are_the_groups() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let group = make::group(&app, "Regulars").order(4).make();
    let page = marketer.get(&format!("/settings/user-groups/{group}"));
    let facts = page.texts_at(".fact");
    for fact in ["Type Public", "State Active", "Stop date None: open-ended", "Order in the app 4"] {
        assert!(facts.contains(&fact.to_owned()), "{fact}: {facts:?}");
    }
    assert!(facts.contains(&"Description About Regulars".to_owned()));
}
