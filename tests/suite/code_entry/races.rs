//! Many at once, counted in the database afterwards.

use std::sync::Barrier;

use diesel::prelude::*;
use muster::error::AppError;
use muster::ids::MemberId;
use muster::memberships::{Entry, enter};
use muster::schema::member_group;

use crate::support::{TestApp, make};

/// All tries at the same moment, on `lanes` connections of their own; the outcomes by their code.
fn at_once(app: &TestApp, lanes: usize, tries: &[(MemberId, &str)]) -> Vec<&'static str> {
    let now = app.now();
    let barrier = Barrier::new(lanes);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..lanes)
            .map(|lane| {
                let (mut conn, barrier) = (app.conn(), &barrier);
                let mine: Vec<_> = tries.iter().skip(lane).step_by(lanes).copied().collect();
                scope.spawn(move || {
                    barrier.wait();
                    mine.into_iter().map(|(member, text)| outcome(&mut conn, member, text, now)).collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn outcome(conn: &mut PgConnection, member: MemberId, text: &str, now: chrono::DateTime<chrono::Utc>) -> &'static str {
    let entered: Result<Entry, AppError> = conn.transaction(|conn| Ok(enter(conn, member, text, "10.0.0.1", now)?));
    match entered.unwrap() {
        Entry::Used { .. } => "ok",
        Entry::AlreadyMember { .. } => "already_member",
        Entry::Refused(refusal) => refusal.code(),
    }
}

fn how_many(outcomes: &[&str], wanted: &str) -> usize {
    outcomes.iter().filter(|outcome| **outcome == wanted).count()
}

fn uses_and_effects(app: &TestApp) -> [i64; 4] {
    [
        "SELECT sum(uses_taken) FROM code",
        "SELECT count(*) FROM validation",
        "SELECT count(*) FROM membership WHERE left_at IS NULL",
        "SELECT coalesce(sum(change), 0) FROM member_group_count",
    ]
    .map(|sql| make::count(app, sql))
}

#[test]
fn two_hundred_members_and_fifty_uses() {
    let app = TestApp::start();
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", Some(50)).make();
    make::group(&app, "Barista club").by_code(barista).make();
    let tries: Vec<_> = make::members(&app, 200).into_iter().map(|member| (member, "BARISTA")).collect();

    let outcomes = at_once(&app, 25, &tries);

    assert_eq!([how_many(&outcomes, "ok"), how_many(&outcomes, "code_used_up")], [50, 150]);
    assert_eq!(uses_and_effects(&app), [50; 4]);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_attempt WHERE outcome = 'code_used_up'"), 150);
    assert_eq!(make::count(&app, "SELECT sum(validated) FROM campaign_count"), 50);
}

#[test]
fn a_hundred_members_and_a_code_for_one() {
    let app = TestApp::start();
    let barista = make::campaign(&app, "Barista", "code").many_codes().make();
    make::codes(&app, barista, &["SINGLE"]);
    make::group(&app, "Barista club").by_code(barista).make();
    let tries: Vec<_> = make::members(&app, 100).into_iter().map(|member| (member, "SINGLE")).collect();

    let outcomes = at_once(&app, 25, &tries);

    assert_eq!([how_many(&outcomes, "ok"), how_many(&outcomes, "code_used_up")], [1, 99]);
    assert_eq!(uses_and_effects(&app), [1; 4]);
}

#[test]
fn one_member_fifty_times() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).per_member(7).make();
    make::group(&app, "Barista club").by_code(barista).make();

    let outcomes = at_once(&app, 25, &[(ann, "BARISTA"); 50]);

    assert_eq!([how_many(&outcomes, "ok"), how_many(&outcomes, "already_member")], [1, 49]);
    assert_eq!(uses_and_effects(&app), [1; 4]);
}

#[test]
fn one_member_and_many_codes_of_a_campaign() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let treat = make::campaign(&app, "Treat", "code").many_codes().make();
    make::codes(&app, treat, &["FIRST", "SECOND", "THIRD"]);

    let outcomes = at_once(&app, 3, &[(ann, "FIRST"), (ann, "SECOND"), (ann, "THIRD")]);

    assert_eq!([how_many(&outcomes, "ok"), how_many(&outcomes, "code_used_up")], [1, 2]);
    assert_eq!(uses_and_effects(&app)[..2], [1, 1]);
}

#[test]
fn wrong_codes_never_pass_their_limit() {
    let app = TestApp::start();
    let ann = make::member(&app, "Ann");
    let outcomes = at_once(&app, 25, &[(ann, "WRONG"); 60]);
    assert_eq!([how_many(&outcomes, "code_unknown"), how_many(&outcomes, "too_many_attempts")], [10, 50]);

    // nor do those of many members at one address: ten are counted by now
    let tries: Vec<_> = make::members(&app, 100).into_iter().map(|member| (member, "WRONG")).collect();
    let outcomes = at_once(&app, 25, &tries);
    assert_eq!([how_many(&outcomes, "code_unknown"), how_many(&outcomes, "too_many_attempts")], [40, 60]);
}

/// The group ends while members enter its code: every use has its stay, whoever came first.
#[test]
fn a_group_that_ends_meanwhile() {
    let app = TestApp::start();
    let barista = make::campaign(&app, "Barista", "code").one_code("BARISTA", None).make();
    let club = make::group(&app, "Barista club").by_code(barista).make();
    let tries: Vec<_> = make::members(&app, 300).into_iter().map(|member| (member, "BARISTA")).collect();
    let (mut conn, end) = (app.conn(), app.now());
    let outcomes = std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(60));
            diesel::update(member_group::table.find(club.0))
                .set(member_group::stops_at.eq(Some(end)))
                .execute(&mut conn)
                .unwrap();
        });
        at_once(&app, 16, &tries)
    });
    let joined = how_many(&outcomes, "ok");
    assert_eq!(joined + how_many(&outcomes, "group_not_active"), 300);
    assert_eq!(uses_and_effects(&app), [joined as i64; 4]);
}
