//! Joining and leaving while a campaign is live.

use chrono::Duration;
use diesel::prelude::*;
use muster::deliveries::issue;
use muster::ids::{GroupId, MemberId};
use muster::memberships::{self, Source};
use muster::schema::delivery;

use crate::support::{TestApp, make};

fn join(app: &TestApp, member: MemberId, group: GroupId) {
    memberships::join(&mut app.conn(), member, &[group], &Source::App, app.now()).unwrap();
}

fn leave(app: &TestApp, member: MemberId, group: GroupId) {
    memberships::leave(&mut app.conn(), member, &[group], &Source::App, app.now()).unwrap();
}

fn issued(app: &TestApp) -> i64 {
    make::count(app, "SELECT count(*) FROM delivery WHERE state NOT IN ('withdrawn', 'skipped')")
}

#[test]
fn who_joins_later_gets_it_at_once_unless_kept_out() {
    let app = TestApp::start();
    let ids = make::members(&app, 4);
    let (vip, staff) = (make::group(&app, "VIP").make(), make::group(&app, "Staff").make());
    make::stay(&app, staff, &ids[1..2]);
    make::campaign(&app, "Latte", "app").include(vip).exclude(staff).make();
    let closed = make::campaign(&app, "Closed", "app").one_code("CLOSED26", None).include(vip).also_later(false);
    closed.make();
    app.work();
    diesel::sql_query(format!("UPDATE member SET blocked_at = now(), blocked_reason = 'x' WHERE id = {}", ids[2].0))
        .execute(&mut app.conn())
        .unwrap();

    for member in &ids[..3] {
        join(&app, *member, vip);
    }

    assert_eq!(issued(&app), 1);
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM delivery JOIN code ON code.text = delivery.code AND code.member_id = delivery.member_id AND uses_allowed = 1"
        ),
        1
    );
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 1);
    // over: nothing more
    app.clock.advance(Duration::days(31));
    join(&app, ids[3], vip);
    assert_eq!(issued(&app), 1);
}

#[test]
fn leaving_withdraws_what_is_unused_and_came_only_through_that_group() {
    let app = TestApp::start();
    let ids = make::members(&app, 2);
    let (vip, gold) = (make::group(&app, "VIP").make(), make::group(&app, "Gold").make());
    make::stay(&app, vip, &ids);
    make::stay(&app, gold, &ids[..1]);
    make::campaign(&app, "Both", "app").include(vip).include(gold).make();
    make::campaign(&app, "All", "app").make();
    app.work();
    assert_eq!(issued(&app), 4);

    leave(&app, ids[0], vip);
    assert_eq!(issued(&app), 4);
    leave(&app, ids[0], gold);
    assert_eq!(issued(&app), 3);
    assert_eq!(make::text(&app, "SELECT reason FROM delivery WHERE withdrawn_at IS NOT NULL"), "left the group");

    // back again: theirs again, with the code they had
    join(&app, ids[0], gold);
    assert_eq!(issued(&app), 4);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 4);
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 4);

    // used: stays
    diesel::update(delivery::table).set(delivery::validated_at.eq(app.now())).execute(&mut app.conn()).unwrap();
    leave(&app, ids[1], vip);
    assert_eq!(issued(&app), 4);
}

#[test]
fn who_joins_while_it_is_paused_gets_it_when_it_is_resumed() {
    let app = TestApp::start();
    let ids = make::members(&app, 3);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids[2..]);
    make::campaign(&app, "Latte", "app").include(vip).make();
    app.work();
    let set = |mark: &str| {
        diesel::sql_query(format!("UPDATE campaign SET {mark}")).execute(&mut app.conn()).unwrap();
    };
    set("paused_at = now()");
    join(&app, ids[1], vip);
    join(&app, ids[0], vip);
    app.work();
    assert_eq!(issued(&app), 1);
    set("paused_at = NULL");
    app.work();
    assert_eq!(issued(&app), 3);
}

#[test]
fn a_new_member_gets_what_is_for_everyone() {
    let app = TestApp::start();
    let staff = make::group(&app, "Staff").make();
    make::campaign(&app, "All", "app").make();
    make::campaign(&app, "But staff", "app").exclude(staff).make();
    make::campaign(&app, "Staff only", "app").include(staff).make();
    app.work();
    let member = make::member(&app, "Ana");
    issue::on_new_member(&mut app.conn(), member, app.now()).unwrap();
    assert_eq!(issued(&app), 2);
    app.work();
    assert_eq!(issued(&app), 2);
}
