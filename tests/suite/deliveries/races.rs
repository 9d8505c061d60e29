//! Workers, joins and leaves at the same time, with real connections, counted afterwards.

use std::time::Duration;

use diesel::prelude::*;
use muster::codes::batch::NewBatch;
use muster::codes::prepare::format_of;
use muster::deliveries::chunk;
use muster::ids::MemberId;
use muster::memberships::{self, Source};

use crate::support::{TestApp, make};

/// Works as a process would, until a while after there is nothing left.
fn work(app: &TestApp) {
    let conn = &mut app.conn();
    let mut idle = 0;
    while idle < 20 {
        match chunk::issue_next(conn, app.now(), &[]) {
            Ok(Some(_)) => idle = 0,
            // another holds it, or made us wait for too long
            Ok(None) | Err(_) => {
                idle += 1;
                std::thread::sleep(Duration::from_millis(50));
            }
        }
    }
}

fn finished(app: &TestApp) -> bool {
    make::count(app, "SELECT count(*) FROM campaign WHERE issued_at IS NULL") == 0
}

#[test]
fn two_workers_hand_out_each_code_once() {
    let app = TestApp::start();
    make::members(&app, 45_000);
    let id = make::campaign(&app, "Latte", "app").many_codes().make();
    NewBatch { campaign: id, format: format_of("", 10), count: 44_000 }.begin(&mut app.conn(), app.now()).unwrap();
    while muster::codes::batch::make_next(&mut app.conn(), app.now(), &[]).unwrap().is_some() {}
    std::thread::scope(|scope| {
        scope.spawn(|| work(&app));
        scope.spawn(|| work(&app));
    });
    assert!(finished(&app));
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), 45_000);
    assert_eq!(make::count(&app, "SELECT count(DISTINCT code) FROM delivery"), 44_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE reason = 'no_code'"), 1_000);
    assert_eq!(
        make::count(
            &app,
            "SELECT count(*) FROM code JOIN delivery ON delivery.code = code.text AND delivery.member_id = code.member_id"
        ),
        44_000
    );
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count"), 45_000);
}

#[test]
fn whoever_joins_and_leaves_while_it_is_issued_has_what_they_should() {
    let app = TestApp::start();
    let ids = make::members(&app, 42_000);
    let (vip, gold) = (make::group(&app, "VIP").make(), make::group(&app, "Gold").make());
    // the first hundred of each thousand are moved about
    let (moving, still): (Vec<MemberId>, Vec<MemberId>) = ids.iter().partition(|id| id.0 % 1000 < 20);
    make::stay(&app, gold, &moving[..moving.len() / 2]);
    for half in still.chunks(10_000) {
        make::stay(&app, vip, half);
    }
    make::campaign(&app, "Latte", "app").include(vip).include(gold).make();
    let moves = |members: &[MemberId]| {
        let conn = &mut app.conn();
        for (place, member) in members.iter().enumerate() {
            let mut turn = |joins: bool| {
                let done: QueryResult<_> = conn.transaction(|conn| {
                    memberships::membership::lock_member(conn, *member)?;
                    if joins {
                        memberships::join(conn, *member, &[vip], &Source::App, app.now())
                    } else {
                        memberships::leave(conn, *member, &[vip], &Source::App, app.now())
                    }
                });
                done.unwrap();
            };
            turn(true);
            if place % 3 == 0 {
                turn(false);
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| work(&app));
        scope.spawn(|| work(&app));
        let quarter = moving.len() / 4;
        for part in moving.chunks(quarter) {
            scope.spawn(move || moves(part));
        }
    });
    assert!(finished(&app));
    let wrong = "SELECT count(*) FROM member
        LEFT JOIN delivery ON delivery.member_id = member.id AND withdrawn_at IS NULL
        WHERE (delivery.member_id IS NOT NULL)
          <> EXISTS (SELECT FROM membership WHERE membership.member_id = member.id AND left_at IS NULL)";
    assert_eq!(make::count(&app, wrong), 0);
    assert_eq!(
        make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"),
        make::count(&app, "SELECT count(*) FROM delivery")
    );
    // personal codes: one for each delivery, none left over
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), make::count(&app, "SELECT count(*) FROM delivery"));
}
