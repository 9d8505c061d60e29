//! Made-up data: as much as was asked for, the same for the same seed, and all tables telling the same.

use chrono::NaiveDate;
use diesel::prelude::*;
use muster::seed::{self, Plan, SeedError};

use crate::support::{TestApp, make};

fn plan() -> Plan {
    Plan {
        members: 3_001,
        groups: 40,
        memberships_per_member: 5,
        campaigns: 12,
        seed: 7,
        until: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
    }
}

/// A fingerprint of all rows.
fn rows(app: &TestApp) -> String {
    let tables = ["member", "member_group", "membership", "campaign", "code", "validation", "delivery"];
    let hash = |table| format!("(SELECT coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM {table} AS t)");
    make::text(app, &tables.map(hash).join(" || ' ' || "))
}

#[test]
fn the_same_plan_makes_the_same_rows_and_another_seed_makes_others() {
    let (one, same, other) = (TestApp::start(), TestApp::start(), TestApp::start());

    let made = seed::run(&mut one.conn(), &plan()).unwrap();
    assert_eq!(seed::run(&mut same.conn(), &plan()).unwrap(), made);
    seed::run(&mut other.conn(), &Plan { seed: 8, ..plan() }).unwrap();

    assert_eq!((made.members, made.groups, made.memberships), (3_001, 40, 15_005));
    assert_eq!(made.campaigns, 10 + 12);
    assert!(made.deliveries > 500, "{made:?}");
    assert_eq!(rows(&one), rows(&same));
    assert_ne!(rows(&one), rows(&other));
}

#[test]
fn counts_agree_with_what_they_count() {
    let app = TestApp::start();
    let made = seed::run(&mut app.conn(), &plan()).unwrap();

    assert_eq!(make::count(&app, "SELECT count(*) FROM membership"), made.memberships.cast_signed());
    assert_eq!(make::count(&app, "SELECT sum(change) FROM member_count"), 3_001);
    agree(&app);
    assert!(make::count(&app, "SELECT count(*) FROM membership WHERE left_at IS NOT NULL") > 1_000);
    assert!(make::count(&app, "SELECT count(DISTINCT source) FROM membership") >= 6);
    let broken = "SELECT count(*) FROM membership JOIN member_group ON member_group.id = group_id JOIN member ON member.id = member_id
                  WHERE joined_at < starts_at OR joined_at >= stops_at OR left_at > stops_at OR joined_at < member.created_at";
    assert_eq!(make::count(&app, broken), 0);
    let biggest = make::count(&app, "SELECT max(change) FROM member_group_count");
    assert!(
        biggest
            > make::count(
                &app,
                "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY change) FROM member_group_count WHERE change > 0"
            ) * 4
    );
}

/// Sums of one table that must be those of another.
pub fn agree(app: &TestApp) {
    let differ = [
        "SELECT count(*) FROM member_group AS g WHERE (SELECT coalesce(sum(change), 0) FROM member_group_count WHERE group_id = g.id)
           <> (SELECT count(*) FROM membership WHERE group_id = g.id AND left_at IS NULL)",
        "SELECT count(*) FROM code WHERE uses_taken <> (SELECT count(*) FROM validation WHERE code = code.text AND reversed_at IS NULL)",
        "SELECT count(*) FROM campaign AS c WHERE (SELECT coalesce(sum(validated), 0) FROM campaign_count WHERE campaign_id = c.id)
           <> (SELECT count(*) FROM validation WHERE campaign_id = c.id)",
        "SELECT count(*) FROM campaign AS c WHERE (SELECT coalesce(sum(change), 0) FROM delivery_count WHERE campaign_id = c.id)
           <> (SELECT count(*) FROM delivery WHERE campaign_id = c.id)",
        "SELECT count(*) FROM delivery AS d WHERE validated_at IS NOT NULL
           AND NOT EXISTS (SELECT FROM validation AS v WHERE v.member_id = d.member_id AND v.campaign_id = d.campaign_id AND v.at = d.validated_at)",
        "SELECT count(*) FROM membership AS m WHERE source = 'code'
           AND NOT EXISTS (SELECT FROM validation AS v WHERE v.member_id = m.member_id AND v.code = m.source_detail->>'code' AND v.at = m.joined_at)",
        "SELECT count(*) FROM delivery WHERE seen_at < issued_at OR validated_at < issued_at OR withdrawn_at < issued_at",
    ];
    for sql in differ {
        assert_eq!(make::count(app, sql), 0, "{sql}");
    }
}

#[test]
fn new_rows_come_after_those_made_and_indexes_are_there_again() {
    let app = TestApp::start();
    let indexes = "SELECT string_agg(indexdef, ' ' ORDER BY indexdef) FROM pg_indexes WHERE schemaname = 'public'";
    let constraints = "SELECT string_agg(conrelid::regclass::text || conname::text || pg_get_constraintdef(oid), ' ' ORDER BY conname) FROM pg_constraint";
    let triggers = "SELECT string_agg(tgname::text || tgenabled::text, ' ' ORDER BY tgname) FROM pg_trigger WHERE NOT tgisinternal";
    let shape = || [indexes, constraints, triggers].map(|sql| make::text(&app, sql));
    let before = shape();

    seed::run(&mut app.conn(), &plan()).unwrap();

    assert_eq!(shape(), before);
    let member = make::member(&app, "One More");
    assert_eq!(member.0, 3_002);
    let group = make::group(&app, "One more group").make();
    make::stay(&app, group, &[member]);
    agree(&app);
}

#[test]
fn a_database_with_data_is_left_alone() {
    let app = TestApp::start();
    make::member(&app, "Someone real");

    let error = seed::run(&mut app.conn(), &plan()).unwrap_err();

    assert!(matches!(error, SeedError::NotEmpty(_)));
    assert!(error.to_string().contains("an empty database only, and this one has members"), "{error}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 1);
}

#[test]
fn what_cannot_be_made_is_refused_with_a_reason() {
    let app = TestApp::start();
    for (plan, why) in [
        (Plan { groups: 9, ..plan() }, "at least 20 groups"),
        (Plan { members: 50_000_001, ..plan() }, "at most 50,000,000 members"),
        (Plan { groups: 10_001, ..plan() }, "at most 10,000 groups"),
    ] {
        let error = seed::run(&mut app.conn(), &plan).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
    let none = Plan { members: 0, groups: 0, campaigns: 0, ..plan() };
    assert_eq!(seed::run(&mut app.conn(), &none).unwrap().memberships, 0);
    diesel::sql_query("SELECT 1").execute(&mut app.conn()).unwrap();
}
