//! The ledger: everyone of the audience has a row, and the states always add up.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use muster::deliveries::{DeliveryState, Ledger, Skip, issue};
use muster::ids::{CampaignId, MemberId};
use muster::memberships::{self, Source};

use crate::support::{TestApp, make};

fn run(app: &TestApp, sql: &str) {
    diesel::sql_query(sql).execute(&mut app.conn()).unwrap();
}

fn ledger(app: &TestApp, id: CampaignId) -> Ledger {
    let kept = Ledger::of(&mut app.conn(), id).unwrap();
    assert_eq!(kept, Ledger::counted(&mut app.conn(), id).unwrap());
    kept
}

#[test]
fn who_gets_nothing_stands_there_with_the_reason() {
    let app = TestApp::start();
    let ids = make::members(&app, 8);
    let (vip, staff) = (make::group(&app, "VIP").make(), make::group(&app, "Staff").make());
    make::stay(&app, vip, &ids[..7]);
    make::stay(&app, staff, &ids[6..7]);
    let of = |place: usize| ids[place].0;
    run(
        &app,
        &format!("UPDATE member SET blocked_at = now(), blocked_reason = 'x', phone = NULL WHERE id = {}", of(0)),
    );
    run(&app, &format!("UPDATE member SET phone = NULL WHERE id = {}", of(1)));
    run(&app, &format!("UPDATE member SET sms_consent = false WHERE id IN ({}, {})", of(2), of(3)));
    run(&app, &format!("INSERT INTO member_consent VALUES ({}, 'sms', now(), false, 'unsubscribe', NULL)", of(3)));
    let id = make::campaign(&app, "Latte", "sms").many_codes().include(vip).exclude(staff).make();
    make::codes(&app, id, &["AAAA2222"]);
    app.issue();

    let ledger = ledger(&app, id);
    assert_eq!((ledger.receivers(), ledger.issued(), ledger.in_state(DeliveryState::Queued)), (6, 1, 1));
    let skipped = Skip::ALL.map(|skip| ledger.skipped(skip));
    // blocked comes first; who is excluded is nobody's receiver
    assert_eq!(skipped, [1, 1, 1, 1, 1, 0, 0, 0]);
    // the arithmetic of the receivers step says the same
    let reach = muster::campaigns::Audience::of(&mut app.conn(), id).unwrap().reach(&mut app.conn()).unwrap();
    assert_eq!((reach.included, reach.excluded, reach.blocked, reach.unreachable, reach.receivers), (7, 1, 1, 3, 2));
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery WHERE through = 1"), 6);
}

#[test]
fn a_decision_made_again_gives_to_those_whose_reason_has_passed() {
    let app = TestApp::start();
    let ids = make::members(&app, 5);
    let (vip, gold) = (make::group(&app, "VIP").make(), make::group(&app, "Gold").make());
    make::stay(&app, vip, &ids);
    run(&app, "UPDATE member SET email_consent = false");
    let id = make::campaign(&app, "Latte", "email").include(vip).also_later(true).make();
    app.issue();
    assert_eq!(ledger(&app, id).skipped(Skip::NoConsent), 5);
    run(&app, "UPDATE member SET email_consent = true");
    app.issue();
    assert_eq!(ledger(&app, id).skipped(Skip::NoConsent), 5, "a decision of its moment");

    // by joining another group that it is for
    run(&app, &format!("INSERT INTO campaign_group VALUES ({id}, {gold}, true, 1)"));
    memberships::join(&mut app.conn(), ids[0], &[gold], &Source::App, app.now()).unwrap();
    assert_eq!(make::text(&app, &format!("SELECT state FROM delivery WHERE member_id = {}", ids[0])), "queued");
    assert_eq!(make::count(&app, &format!("SELECT through FROM delivery WHERE member_id = {}", ids[0])), 3);
    // and when the receivers are widened
    run(&app, &format!("UPDATE delivery SET withdrawn_at = now(), reason = 'x' WHERE member_id = {}", ids[1]));
    issue::again(&mut app.conn(), id).unwrap();
    app.issue();
    let ledger = ledger(&app, id);
    assert_eq!((ledger.in_state(DeliveryState::Queued), ledger.in_state(DeliveryState::Withdrawn)), (4, 1));
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), 4);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 4);
}

#[test]
fn it_adds_up_at_every_moment() {
    let app = TestApp::start();
    let ids = make::members(&app, 42_000);
    let (vip, gold) = (make::group(&app, "VIP").make(), make::group(&app, "Gold").make());
    let (moving, still): (Vec<MemberId>, Vec<MemberId>) = ids.iter().partition(|id| id.0 % 100 == 0);
    for part in still.chunks(10_000) {
        make::stay(&app, vip, part);
    }
    run(&app, "UPDATE member SET sms_consent = id % 3 > 0");
    let id = make::campaign(&app, "Latte", "sms").include(vip).include(gold).also_later(true).make();
    let done = AtomicBool::new(false);
    let mut sampled = 0;
    std::thread::scope(|scope| {
        let work = || {
            let conn = &mut app.conn();
            for _ in 0..60 {
                let _ = muster::deliveries::worker::run_once(conn, &app.muster.keys, app.now());
            }
        };
        let workers = [scope.spawn(work), scope.spawn(work)];
        let moves = scope.spawn(|| {
            let conn = &mut app.conn();
            for (place, member) in moving.iter().enumerate() {
                let _ = memberships::join(conn, *member, &[vip, gold], &Source::App, app.now());
                if place % 3 == 0 {
                    let _ = memberships::leave(conn, *member, &[vip, gold], &Source::App, app.now());
                }
                let used = format!(
                    "UPDATE delivery SET validated_at = now() WHERE member_id = {} AND queued_at IS NOT NULL",
                    member.0 - 1
                );
                let _ = diesel::sql_query(used).execute(conn);
            }
        });
        scope.spawn(|| {
            let conn = &mut app.conn();
            while !done.load(Ordering::SeqCst) {
                let both: (Ledger, Ledger) = conn
                    .build_transaction()
                    .repeatable_read()
                    .run(|conn| Ok::<_, diesel::result::Error>((Ledger::of(conn, id)?, Ledger::counted(conn, id)?)))
                    .unwrap();
                assert_eq!(both.0, both.1);
                sampled += 1;
            }
        });
        workers.into_iter().for_each(|worker| worker.join().unwrap());
        moves.join().unwrap();
        done.store(true, Ordering::SeqCst);
    });
    assert!(sampled > 10, "{sampled} samples");
    app.issue();
    let ledger = ledger(&app, id);
    assert!(ledger.receivers() >= 41_580 && ledger.in_state(DeliveryState::Validated) > 200, "{}", ledger.in_words());
    // a message for each that was issued by one
    let wrong = "SELECT count(*) FROM delivery WHERE queued_at IS NOT NULL AND
       (SELECT count(*) FROM message WHERE message.member_id = delivery.member_id AND message.campaign_id = delivery.campaign_id) <> 1";
    assert_eq!(make::count(&app, wrong), 0);
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM message"),
        make::count(&app, "SELECT count(*) FROM delivery WHERE queued_at IS NOT NULL")
    );
    // issued on each day, as counted
    assert_eq!(
        make::count(&app, "SELECT sum(change) FROM delivery_day_count WHERE event = 'issued'"),
        make::count(&app, "SELECT count(*) FROM delivery WHERE skipped_at IS NULL")
    );
}

/// Three included and two excluded groups, against a naive computation.
fn compare(members: i64) {
    let app = TestApp::start();
    run(&app, &format!(
        "INSERT INTO member (name, phone, email, sms_consent, created_at, blocked_at, blocked_reason)
         SELECT 'M' || n, CASE WHEN n % 11 > 0 THEN '+4916' || lpad(n::text, 9, '0') END, 'm' || n || '@example.com', n % 7 > 0, now(),
           CASE WHEN n % 13 = 0 THEN now() END, CASE WHEN n % 13 = 0 THEN 'x' END
         FROM generate_series(1, {members}) AS n"
    ));
    let groups: Vec<_> = (0..5).map(|n| make::group(&app, &format!("G{n}")).make()).collect();
    for (place, group) in groups.iter().enumerate() {
        run(&app, &format!(
            "INSERT INTO membership (member_id, group_id, joined_at, source)
             SELECT id, {group}, now(), 'support' FROM member WHERE hashint8extended(id, {place}) % 100 BETWEEN -40 AND 0"
        ));
    }
    run(&app, "ANALYZE member, membership");
    let maker = make::campaign(&app, "Latte", "sms").one_code("LATTE26", None).also_later(true);
    let id =
        maker.include(groups[0]).include(groups[1]).include(groups[2]).exclude(groups[3]).exclude(groups[4]).make();
    app.issue();

    let list = |part: &[muster::ids::GroupId]| part.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let is_in = |part: &[muster::ids::GroupId]| {
        format!("id IN (SELECT member_id FROM membership WHERE left_at IS NULL AND group_id IN ({}))", list(part))
    };
    let naive = format!(
        "SELECT id, CASE WHEN blocked_at IS NOT NULL THEN 'blocked' WHEN phone IS NULL THEN 'no_address'
           WHEN NOT sms_consent THEN 'no_consent' ELSE 'queued' END AS what,
           (SELECT sum(1 << (CASE group_id WHEN {} THEN 0 WHEN {} THEN 1 ELSE 2 END)) FROM membership
            WHERE member_id = member.id AND group_id IN ({})) AS through
         FROM member WHERE {} AND NOT {}",
        groups[0],
        groups[1],
        list(&groups[..3]),
        is_in(&groups[..3]),
        is_in(&groups[3..])
    );
    let stored = "SELECT member_id, coalesce(reason, state), through FROM delivery";
    let differ =
        format!("SELECT count(*) FROM (({naive} EXCEPT {stored}) UNION ALL ({stored} EXCEPT {naive})) AS differ");
    assert_eq!(make::count(&app, &differ), 0);
    assert!(make::count(&app, "SELECT count(*) FROM delivery") > members / 10);
    assert_eq!(make::count(&app, "SELECT count(*) FROM message"), ledger(&app, id).in_state(DeliveryState::Queued));
}

#[test]
fn three_included_and_two_excluded_groups_are_as_counted_naively() {
    compare(30_000);
}

#[test]
#[ignore = "a million members: by hand"]
fn a_million_members_are_as_counted_naively() {
    compare(1_000_000);
}
