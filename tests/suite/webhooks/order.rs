//! The order of events is that in which they became visible: who reads by cursor misses nothing, whatever ends when.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use diesel::sql_query;
use muster::api::Scope;
use muster::ids::{GroupId, MemberId};

use super::hook;
use super::receiver::Receiver;
use crate::support::{Program, TestApp, make};

fn join(conn: &mut PgConnection, group: GroupId, member: MemberId) {
    let sql = format!(
        "INSERT INTO membership (member_id, group_id, joined_at, source) VALUES ({member}, {group}, '2026-11-24 10:00Z', 'app')"
    );
    sql_query(sql).execute(conn).unwrap();
}

/// What can be put in order by now.
fn order(app: &TestApp) {
    let muster = &app.muster;
    muster::webhooks::run_once(&mut app.app_conn(), &muster.keys, muster.config.webhooks, app.now()).unwrap();
}

fn told(receiver: &Receiver) -> Vec<MemberId> {
    receiver.all().iter().map(|told| MemberId(told.json()["data"]["member"]["id"].as_i64().unwrap())).collect()
}

#[test]
fn what_began_before_and_ends_later_is_waited_for() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &[]);
    let group = make::group(&app, "Regulars").make();
    let members = make::members(&app, 2);
    let (mut slow, mut quick) = (app.app_conn(), app.app_conn());
    sql_query("BEGIN").execute(&mut slow).unwrap();
    join(&mut slow, group, members[0]);
    join(&mut quick, group, members[1]);

    order(&app);

    assert!(receiver.all().is_empty(), "the one that is visible might not be the first");
    sql_query("COMMIT").execute(&mut slow).unwrap();
    app.send_webhooks();
    assert_eq!(told(&receiver), members);
}

#[test]
fn what_came_from_another_postgresql_is_told_too() {
    let app = TestApp::start();
    let receiver = Receiver::start();
    hook(&app, &receiver.url, &[]);
    let group = make::group(&app, "Regulars").make();
    let members = make::members(&app, 1);
    join(&mut app.conn(), group, members[0]);
    make::run(&app, "UPDATE webhook_inbox SET xid = '999999999999'");
    app.send_webhooks();
    assert_eq!(told(&receiver), members);
}

/// Eight write, two put in order, one reads on and on.
#[test]
fn a_reader_misses_nothing_and_gets_nothing_twice() {
    let app = TestApp::start();
    hook(&app, "http://127.0.0.1:9/", &[]);
    make::run(&app, "UPDATE webhook SET disabled_at = now(), disabled_why = 'user', disabled_after = 0");
    let group = make::group(&app, "Regulars").make();
    let members = make::members(&app, 400);
    let office = Program::new(&app, Scope::OfficeRead, "", "/api/v1");
    let (written, ordered) = (AtomicBool::new(false), AtomicBool::new(false));
    let mut seen: Vec<i64> = Vec::new();
    std::thread::scope(|scope| {
        let (app, written, ordered) = (&app, &written, &ordered);
        let writers: Vec<_> = members
            .chunks(50)
            .map(|members| {
                scope.spawn(move || {
                    let mut conn = app.app_conn();
                    for pair in members.chunks(2) {
                        conn.transaction(|conn| {
                            pair.iter().for_each(|member| join(conn, group, *member));
                            QueryResult::Ok(())
                        })
                        .unwrap();
                    }
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(move || {
                while !ordered.load(Ordering::SeqCst) {
                    let last = written.load(Ordering::SeqCst);
                    order(app);
                    ordered.fetch_or(
                        last && make::count(app, "SELECT count(*) FROM webhook_inbox") == 0,
                        Ordering::SeqCst,
                    );
                }
            });
        }
        scope.spawn(move || {
            writers.into_iter().for_each(|writer| writer.join().unwrap());
            written.store(true, Ordering::SeqCst);
        });
        let mut next = 0;
        loop {
            let last = ordered.load(Ordering::SeqCst);
            let page = office.get(&format!("/events?after={next}&limit=7"));
            let page = page.done().clone();
            seen.extend(
                page["events"].as_array().unwrap().iter().map(|told| told["data"]["member"]["id"].as_i64().unwrap()),
            );
            next = page["next"].as_i64().unwrap();
            if last && page["more"] == false {
                break;
            }
        }
    });
    let once: std::collections::BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!((seen.len(), once.len()), (400, 400));
}
