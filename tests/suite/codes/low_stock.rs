//! **Warn when fewer than**: Admins are told once that codes run out.

use muster::ids::CampaignId;

use super::importing::checked;
use crate::support::{TestApp, make};

fn told(app: &TestApp) -> i64 {
    make::count(app, "SELECT count(*) FROM message WHERE purpose = 'staff'")
}

/// A live App coupon with ten codes, five of them handed out.
fn low(app: &TestApp) -> CampaignId {
    let id = make::campaign(app, "Latte", "app").many_codes().make();
    make::run(
        app,
        &format!("UPDATE campaign SET low_stock = 6, issued_at = now(), issuing_since = now() WHERE id = {id}"),
    );
    make::run(
        app,
        &format!(
            "INSERT INTO code (text, campaign_id, uses_allowed, member_id)
                    SELECT 'CODE' || n, {id}, 1, CASE WHEN n > 15 THEN n END FROM generate_series(11, 20) AS n"
        ),
    );
    id
}

#[test]
fn admins_are_told_once_until_there_are_enough_again() {
    let app = TestApp::start();
    let (admin, marketer) = (app.admin(), app.marketer());
    let id = low(&app);
    app.work();
    app.work();
    assert_eq!(told(&app), 1);
    assert_eq!(
        make::text(&app, "SELECT recipient || ' ' || subject FROM message WHERE purpose = 'staff'"),
        "admin@example.com Latte: 5 codes are left"
    );
    assert!(
        make::text(&app, "SELECT body FROM message WHERE purpose = 'staff'")
            .contains(&format!("/campaigns/{id}/codes/new"))
    );
    // signs, with the way to more
    assert!(marketer.get("/campaigns").shows("Few codes left"));
    let page = admin.get(&format!("/campaigns/{id}"));
    assert!(page.shows("Few codes are left to hand out: 5."), "{}", page.text());
    let list = marketer.get(&format!("/campaigns/{id}/codes"));
    assert!(list.shows("Few codes are left: 5."), "{}", list.text());

    let more = page.click("Make more codes").form("Make codes").fill("Number of codes", "100");
    assert_eq!(more.smuggle("ordered", "0").send().status, 303);
    app.work();
    assert!(!marketer.get("/campaigns").shows("Few codes left"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM low_stock_notice"), 0);
    make::run(&app, &format!("UPDATE code SET member_id = 9 WHERE campaign_id = {id}"));
    app.work();
    app.work();
    assert_eq!(told(&app), 2);
}

#[test]
fn two_workers_tell_once() {
    let app = TestApp::start();
    app.admin();
    low(&app);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| muster::codes::low_stock::tell(&mut app.app_conn(), app.now()).unwrap());
        }
    });
    assert_eq!(told(&app), 1);
}

#[test]
fn nobody_is_told_where_nothing_is_handed_out() {
    let app = TestApp::start();
    app.admin();
    low(&app);
    for sql in [
        "UPDATE campaign SET paused_at = now()",
        "UPDATE campaign SET paused_at = NULL, cancelled_at = now()",
        "UPDATE campaign SET cancelled_at = NULL, starts_at = '2026-12-01'",
        "UPDATE campaign SET starts_at = '2026-01-01', ends_at = '2026-11-01'",
        "UPDATE campaign SET ends_at = '2026-12-31', channel = 'code'",
        "UPDATE campaign SET channel = 'app', low_stock = NULL",
        "UPDATE campaign SET low_stock = 5",
    ] {
        make::run(&app, sql);
        muster::codes::low_stock::tell(&mut app.app_conn(), app.now()).unwrap();
        assert_eq!(told(&app), 0, "{sql}");
    }
    make::run(&app, "UPDATE campaign SET low_stock = 6");
    muster::codes::low_stock::tell(&mut app.app_conn(), app.now()).unwrap();
    assert_eq!(told(&app), 1);
}

#[test]
fn imported_codes_are_handed_out_and_more_are_asked_for() {
    let app = TestApp::start();
    let (admin, members) = (app.admin(), make::members(&app, 3));
    let id = make::campaign(&app, "Latte", "app").many_codes().draft().make();
    let step = admin.get(&format!("/campaigns/{id}/pos-input"));
    let step = step.form("Save draft").tick("Imported codes").fill("Warn when fewer than", "2").send().follow(&admin);
    assert_eq!(step.value("Warn when fewer than"), "2");
    let page = checked(&app, &admin, id, b"AB12CD34EF56\nGH78JK90MN12\n");
    page.form("Import 2 codes").send();
    app.work();
    admin.get(&format!("/campaigns/{id}/review")).form("Publish").send();
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code IS NOT NULL"), 2);
    assert_eq!(make::text(&app, "SELECT subject FROM message WHERE purpose = 'staff'"), "Latte: no code is left");
    let page = admin.get(&format!("/campaigns/{id}")).click("Import more");
    assert!(page.has_control("File"));
    checked(&app, &admin, id, b"PQ12CD34EF56\nRS78JK90MN12\n").form("Import 2 codes").send();
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE code IS NOT NULL"), members.len() as i64);
    // the limit changes while the campaign is live
    let step = admin.get(&format!("/campaigns/{id}/pos-input"));
    assert_eq!(step.form("Save changes").fill("Warn when fewer than", "").send().status, 303);
    for typed in ["0", "x", "5000001"] {
        assert_eq!(step.form("Save changes").fill("Warn when fewer than", typed).send().status, 422, "{typed}");
    }
}
