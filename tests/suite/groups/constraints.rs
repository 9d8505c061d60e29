//! What the database itself refuses, whoever writes to it.

use diesel::RunQueryDsl;
use diesel::result::Error;

use crate::support::{TestApp, make};

/// The name of the constraint that a statement breaks.
fn broken(app: &TestApp, sql: &str) -> String {
    match diesel::sql_query(sql).execute(&mut app.conn()) {
        Err(Error::DatabaseError(_, info)) => info.constraint_name().unwrap_or_default().to_owned(),
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn the_rules_of_a_group_are_the_databases_too() {
    let app = TestApp::start();
    let campaign = make::campaign(&app, "Code", "code").one_code("CODE1", None).make();
    let till_only = make::campaign(&app, "Till", "code").one_code("TILL1", None).in_app(false).make();
    let group = make::group(&app, "Baristas").by_code(campaign).make();
    make::group(&app, "Other").make();
    let set = |values: &str| broken(&app, &format!("UPDATE member_group SET {values} WHERE id = {group}"));
    assert_eq!(set("name = ''"), "member_group_name_check");
    assert_eq!(set("name = repeat('x', 81)"), "member_group_name_check");
    assert_eq!(set("name = 'OTHER'"), "member_group_name_key");
    assert_eq!(set("description = repeat('x', 501)"), "member_group_description_check");
    assert_eq!(set("description = ''"), "member_group_viewable_check");
    assert_eq!(set("stops_at = starts_at - interval '1 day'"), "member_group_period_check");
    assert_eq!(set("join_type = 'open'"), "member_group_campaign_check");
    assert_eq!(set("campaign_id = NULL"), "member_group_campaign_check");
    assert_eq!(set("join_type = 'magic', campaign_id = NULL"), "member_group_join_type_check");
    assert_eq!(set("viewable = false"), "member_group_viewable_check");
    assert_eq!(set("display_order = 10000"), "member_group_display_order_check");
    assert_eq!(set(&format!("campaign_id = {till_only}")), "member_group_campaign_in_app_fkey");
    assert_eq!(set("campaign_id = 999"), "member_group_campaign_in_app_fkey");
    let second = format!("UPDATE member_group SET join_type = 'code', campaign_id = {campaign} WHERE name = 'Other'");
    assert_eq!(broken(&app, &second), "member_group_campaign_id_key");
    let off = format!("UPDATE campaign SET allow_in_app_validation = false WHERE id = {campaign}");
    assert_eq!(broken(&app, &off), "member_group_campaign_in_app_fkey");
}

#[test]
fn a_member_is_in_a_group_once_and_the_count_follows() {
    let app = TestApp::start();
    let group = make::group(&app, "Regulars").make();
    let ids = make::members(&app, 3);
    make::stay(&app, group, &ids);
    let again = format!(
        "INSERT INTO membership (member_id, group_id, joined_at, source) VALUES ({}, {group}, now(), 'app')",
        ids[0]
    );
    assert_eq!(broken(&app, &again), "membership_open_key");
    diesel::sql_query("UPDATE membership SET left_at = joined_at, left_source = 'app' WHERE member_id = 1")
        .execute(&mut app.conn())
        .unwrap();
    assert_eq!(make::count(&app, "SELECT sum(change) FROM member_group_count"), 2);
    assert_eq!(muster::members::count::count(&mut app.conn()).unwrap(), 3);
}
