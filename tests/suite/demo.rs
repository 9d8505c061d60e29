//! The demo: only where it may be, believable, and all its tables telling the same.

use diesel::prelude::*;
use muster::{audit, demo};

use crate::seed::agree;
use crate::support::{TestApp, make};

fn start() -> TestApp {
    let app = TestApp::start();
    assert!(demo::fill(&mut app.conn(), app.now()).unwrap());
    app
}

#[test]
fn a_chain_with_guests_groups_and_campaigns_of_all_kinds() {
    let app = start();

    assert_eq!(make::count(&app, "SELECT count(*) FROM member"), 2_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM member_group"), 8);
    let now = app.now().to_rfc3339();
    let kinds = format!(
        "SELECT string_agg(DISTINCT kind || ' ' || state, ', ' ORDER BY kind || ' ' || state) FROM (SELECT
           coalesce(join_type, 'hidden') AS kind,
           CASE WHEN stops_at <= '{now}' THEN 'ended' WHEN starts_at > '{now}' THEN 'upcoming' ELSE 'active' END AS state
         FROM member_group) AS g"
    );
    assert_eq!(
        make::text(&app, &kinds),
        "code active, code upcoming, hidden active, hidden ended, open active, open ended, open upcoming"
    );
    let statuses = format!(
        "SELECT string_agg(status, ', ' ORDER BY status) FROM (SELECT
           CASE WHEN cancelled_at IS NOT NULL THEN 'cancelled' WHEN published_at IS NULL THEN 'draft'
             WHEN ends_at <= '{now}' THEN 'ended' WHEN paused_at IS NOT NULL THEN 'paused'
             WHEN starts_at > '{now}' THEN 'scheduled' ELSE 'live' END AS status FROM campaign
         WHERE NOT allow_in_app_validation) AS c"
    );
    assert_eq!(make::text(&app, &statuses), "cancelled, draft, ended, live, live, live, paused, scheduled");
    assert_eq!(make::count(&app, "SELECT count(DISTINCT channel) FROM campaign"), 4);
    assert_eq!(make::count(&app, "SELECT count(DISTINCT picture_id) FROM campaign"), 2);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE text = 'WELCOME2026' AND uses_taken > 50"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE text LIKE 'ROAST%'"), 400);
    let gap = "SELECT count(*) FROM member_group JOIN campaign ON campaign.id = campaign_id WHERE ends_at < stops_at";
    assert_eq!(make::count(&app, gap), 1);
}

#[test]
fn counts_agree_with_what_they_count() {
    let app = start();
    agree(&app);
    assert_eq!(audit::first_broken_entry(&mut app.conn()).unwrap(), None);
    for table in ["membership", "delivery", "validation", "message", "code_attempt"] {
        assert!(make::count(&app, &format!("SELECT count(*) FROM {table}")) > 100, "{table}");
    }
    assert!(make::count(&app, "SELECT count(*) FROM code_attempt WHERE outcome <> 'ok'") > 20);
    let states = "SELECT string_agg(DISTINCT state, ' ' ORDER BY state) FROM delivery";
    let all = "accepted bounced expired failed issued seen sent skipped uncertain validated withdrawn";
    assert_eq!(make::text(&app, states), all);
    assert_eq!(make::count(&app, "SELECT count(DISTINCT reason) FROM delivery WHERE state = 'skipped'"), 3);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign_sending WHERE held_at IS NOT NULL"), 1);
    assert!(make::count(&app, "SELECT count(*) FROM message WHERE purpose = 'reminder'") > 20);
    // the worker finds nothing to do
    let before = make::count(&app, "SELECT count(*) FROM delivery");
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), before);
    agree(&app);
}

#[test]
fn nothing_happened_in_the_future_or_before_it_could() {
    let app = start();
    let now = app.now().to_rfc3339();
    for (table, column) in [
        ("member", "created_at"),
        ("member", "last_seen_at"),
        ("member", "blocked_at"),
        ("membership", "joined_at"),
        ("membership", "left_at"),
        ("delivery", "validated_at"),
        ("validation", "at"),
        ("code_attempt", "at"),
        ("message", "created_at"),
        ("audit_entry", "at"),
        ("campaign", "published_at"),
    ] {
        assert_eq!(
            make::count(&app, &format!("SELECT count(*) FROM {table} WHERE {column} > '{now}'")),
            0,
            "{table} {column}"
        );
    }
    let early =
        "SELECT count(*) FROM membership JOIN member ON member.id = member_id WHERE joined_at < member.created_at";
    assert_eq!(make::count(&app, early), 0);
    let recent =
        format!("SELECT count(DISTINCT at::date) FROM validation WHERE at > '{now}'::timestamptz - interval '90 days'");
    assert!(make::count(&app, &recent) > 70);
}

#[test]
fn the_demo_sign_ins_work_and_mia_can_be_shown_around() {
    let app = start();
    for (email, role) in
        [("admin@example.com", "Admin"), ("marketer@example.com", "Marketer"), ("support@example.com", "Support")]
    {
        let visitor = app.visitor();
        let page = visitor.get("/sign-in").form("Sign in").fill("E-mail", email).fill("Password", "muster-demo").send();
        assert_eq!(page.status, 303, "{email}");
        let _ = role;
    }
    let mia: i64 = muster::schema::member::table
        .filter(muster::schema::member::phone.eq(demo::MIA_PHONE))
        .select(muster::schema::member::id)
        .first(&mut app.conn())
        .unwrap();
    let open = format!("SELECT count(*) FROM membership WHERE member_id = {mia} AND left_at IS NULL");
    assert_eq!(make::count(&app, &open), 1);
    let held = format!(
        "SELECT count(*) FROM delivery WHERE member_id = {mia} AND state NOT IN ('validated', 'skipped', 'expired')"
    );
    assert_eq!(make::count(&app, &held), 1);
}

#[test]
fn a_second_time_changes_nothing_and_real_data_are_never_mixed_in() {
    let app = start();
    let before = make::count(&app, "SELECT count(*) FROM audit_entry");
    assert!(!demo::fill(&mut app.conn(), app.now()).unwrap());
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry"), before);

    let app = TestApp::start();
    make::member(&app, "Someone real");
    let error = demo::fill(&mut app.conn(), app.now()).unwrap_err().to_string();
    assert!(error.starts_with("--demo fills an empty database only, and this one has members"), "{error}");

    let app = TestApp::start();
    app.make_account("boss@example.com", "Boss", muster::accounts::Role::Admin);
    let error = demo::fill(&mut app.conn(), app.now()).unwrap_err().to_string();
    assert!(error.contains("this one has dashboard users"), "{error}");
}
