//! Publishing issues to exactly the receivers.

use chrono::Duration;
use diesel::prelude::*;
use muster::schema::{campaign, delivery, member};

use crate::support::{TestApp, make};

fn holders(app: &TestApp) -> Vec<i64> {
    let issued = delivery::table.filter(delivery::state.ne("skipped"));
    issued.order(delivery::member_id).select(delivery::member_id).load(&mut app.conn()).unwrap()
}

#[test]
fn the_included_get_it_without_the_excluded_and_the_blocked() {
    let app = TestApp::start();
    let ids = make::members(&app, 6);
    let (vip, gold, staff) =
        (make::group(&app, "VIP").make(), make::group(&app, "Gold").make(), make::group(&app, "Staff").make());
    make::stay(&app, vip, &ids[..4]);
    make::stay(&app, gold, &ids[3..5]);
    make::stay(&app, staff, &ids[1..2]);
    diesel::update(member::table.find(ids[2].0))
        .set((member::blocked_at.eq(app.now()), member::blocked_reason.eq("fraud")))
        .execute(&mut app.conn())
        .unwrap();
    let campaign = make::campaign(&app, "Latte", "app").one_code("LATTE26", None);
    let id = campaign.include(vip).include(gold).exclude(staff).make();

    app.work();

    assert_eq!(holders(&app), [ids[0].0, ids[3].0, ids[4].0]);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code = 'LATTE26'"), 3);
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 3);
    assert_eq!(make::count(&app, "SELECT count(*) FROM campaign WHERE issued_at IS NOT NULL"), 1);
    // once is enough
    diesel::update(campaign::table.find(id.0))
        .set((campaign::issued_at.eq(None::<chrono::DateTime<chrono::Utc>>), campaign::issued_up_to.eq(0)))
        .execute(&mut app.conn())
        .unwrap();
    app.work();
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 3);
}

#[test]
fn excludes_alone_mean_everyone_but_them() {
    let app = TestApp::start();
    let ids = make::members(&app, 3);
    let staff = make::group(&app, "Staff").make();
    make::stay(&app, staff, &ids[..1]);
    make::campaign(&app, "Latte", "app").one_code("LATTE26", None).exclude(staff).make();
    app.work();
    assert_eq!(holders(&app), [ids[1].0, ids[2].0]);
}

#[test]
fn only_a_live_campaign_issues() {
    let app = TestApp::start();
    make::members(&app, 3);
    let now = app.now();
    make::campaign(&app, "Draft", "app").one_code("DRAFT26", None).draft().make();
    make::campaign(&app, "Later", "app")
        .one_code("LATER26", None)
        .between(now + Duration::days(1), now + Duration::days(2))
        .make();
    make::campaign(&app, "Over", "app").one_code("OVER26", None).between(now - Duration::days(2), now).make();
    make::campaign(&app, "Paper", "code").one_code("PAPER26", None).make();
    let cancelled = make::campaign(&app, "Cancelled", "app").one_code("STOP26", None).make();
    let paused = make::campaign(&app, "Paused", "app").one_code("PAUSE26", None).make();
    let set = |id: i64, mark: &str| {
        diesel::sql_query(format!("UPDATE campaign SET {mark} WHERE id = {id}")).execute(&mut app.conn()).unwrap();
    };
    set(cancelled.0, "cancelled_at = now()");
    set(paused.0, "paused_at = now()");

    app.work();
    assert_eq!(holders(&app), [0; 0]);

    set(paused.0, "paused_at = NULL");
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code = 'PAUSE26'"), 3);
    assert_eq!(holders(&app).len(), 3);

    app.clock.advance(Duration::days(1));
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code = 'LATER26'"), 3);
    assert_eq!(holders(&app).len(), 6);
}

#[test]
fn a_coupon_expires_after_its_days_but_never_after_the_campaign() {
    let app = TestApp::start();
    make::members(&app, 1);
    let days = |id: i64, days: i32| {
        diesel::update(campaign::table.find(id))
            .set(campaign::validity_days.eq(days))
            .execute(&mut app.conn())
            .unwrap();
    };
    let short = make::campaign(&app, "Short", "app").one_code("SHORT26", None).make();
    days(short.0, 7);
    let long = make::campaign(&app, "Long", "app").one_code("LONG26", None).make();
    days(long.0, 700);
    let plain = make::campaign(&app, "Plain", "app").one_code("PLAIN26", None).make();
    app.work();
    let expires = |id: i64| -> Option<chrono::DateTime<chrono::Utc>> {
        let row = delivery::table.filter(delivery::campaign_id.eq(id)).select(delivery::expires_at);
        row.first(&mut app.conn()).unwrap()
    };
    assert_eq!(expires(short.0), Some(app.now() + Duration::days(7)));
    assert_eq!(expires(long.0), Some(app.now() + Duration::days(30)));
    assert_eq!(expires(plain.0), None);
}

#[test]
fn an_error_in_one_campaign_stops_no_other() {
    let app = TestApp::start();
    make::members(&app, 2);
    make::campaign(&app, "Broken", "app").one_code("BROKEN26", None).make();
    make::campaign(&app, "Whole", "app").one_code("WHOLE26", None).make();
    diesel::sql_query("ALTER TABLE delivery ADD CONSTRAINT delivery_broken CHECK (code <> 'BROKEN26')")
        .execute(&mut app.conn())
        .unwrap();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let (db, clock, keys, stopped) = (app.muster.db.clone(), app.clock.clone(), app.muster.keys.clone(), stop.clone());
    let worker =
        std::thread::spawn(move || muster::deliveries::worker::run(&db, &clock, &keys, Default::default(), &stopped));
    for _ in 0..100 {
        if holders(&app).len() == 2 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    worker.join().unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code = 'WHOLE26'"), 2);
}
