//! The audience's arithmetic against a naive model, through the database.

use std::collections::BTreeSet;

use diesel::prelude::*;
use muster::campaigns::{Audience, Channel, Part, Reach};
use muster::ids::{GroupId, MemberId};
use muster::schema::member;
use muster::web::Keyset;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{TestApp, make};

const GROUPS: usize = 4;

/// A member as the model sees them.
#[derive(Debug, Clone)]
struct Person {
    groups: BTreeSet<usize>,
    blocked: bool,
    sms: bool,
    email: bool,
}

fn person() -> impl Strategy<Value = Person> {
    let groups = prop::collection::btree_set(0..GROUPS, 0..=GROUPS);
    (groups, prop::bool::weighted(0.2), any::<bool>(), any::<bool>()).prop_map(|(groups, blocked, sms, email)| Person {
        groups,
        blocked,
        sms,
        email,
    })
}

#[derive(Debug, Clone)]
struct Choice {
    everyone: bool,
    included: BTreeSet<usize>,
    excluded: BTreeSet<usize>,
    channel: Channel,
}

fn choice() -> impl Strategy<Value = Choice> {
    let groups = || prop::collection::btree_set(0..GROUPS, 0..=2);
    let channel = prop::sample::select(Channel::ALL.to_vec());
    (prop::bool::weighted(0.2), groups(), groups(), channel)
        .prop_map(|(everyone, included, excluded, channel)| Choice { everyone, included, excluded, channel })
}

/// The part a member ends in, by the words of the contract.
fn part(person: &Person, choice: &Choice) -> Option<Part> {
    let meets = |groups: &BTreeSet<usize>| !groups.is_disjoint(&person.groups);
    let included = if choice.everyone {
        true
    } else if choice.included.is_empty() {
        !choice.excluded.is_empty()
    } else {
        meets(&choice.included)
    };
    let reachable = match choice.channel {
        Channel::Sms => person.sms,
        Channel::Email => person.email,
        Channel::App | Channel::Code => true,
    };
    included.then(|| {
        if !choice.everyone && meets(&choice.excluded) {
            Part::Excluded
        } else if person.blocked {
            Part::Blocked
        } else if reachable {
            Part::Receivers
        } else {
            Part::Unreachable
        }
    })
}

fn store(app: &TestApp, people: &[Person], groups: &[GroupId]) -> Vec<MemberId> {
    let ids = make::members(app, people.len().try_into().unwrap());
    let conn = &mut app.conn();
    for (id, person) in ids.iter().zip(people) {
        diesel::update(member::table.find(id.0))
            .set((
                // consent counts only with an address; every third has no address instead
                member::sms_consent.eq(person.sms || id.0 % 3 == 0),
                member::email_consent.eq(person.email),
                member::blocked_at.eq(person.blocked.then(|| app.now())),
                member::blocked_reason.eq(person.blocked.then_some("fraud")),
            ))
            .execute(conn)
            .unwrap();
        if !person.sms && id.0 % 3 == 0 {
            diesel::update(member::table.find(id.0)).set(member::phone.eq(None::<String>)).execute(conn).unwrap();
        }
    }
    for (place, group) in groups.iter().enumerate() {
        let inside: Vec<_> =
            ids.iter().zip(people).filter(|(_, person)| person.groups.contains(&place)).map(|(id, _)| *id).collect();
        make::stay(app, *group, &inside);
    }
    ids
}

#[test]
fn the_arithmetic_is_that_of_a_naive_model() {
    let app = TestApp::start();
    let groups: Vec<GroupId> = (0..GROUPS).map(|n| make::group(&app, &format!("Group {n}")).make()).collect();
    let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let cases = (prop::collection::vec(person(), 1..12), prop::collection::vec(choice(), 4));
    runner
        .run(&cases, |(people, choices)| {
            let conn = &mut app.conn();
            diesel::sql_query("TRUNCATE membership, member CASCADE").execute(conn).unwrap();
            let ids = store(&app, &people, &groups);
            for choice in choices {
                check(conn, &people, &ids, &choice, &groups)?;
            }
            Ok(())
        })
        .unwrap();
}

fn check(
    conn: &mut PgConnection,
    people: &[Person],
    ids: &[MemberId],
    choice: &Choice,
    groups: &[GroupId],
) -> Result<(), TestCaseError> {
    let chosen = |places: &BTreeSet<usize>| places.iter().map(|place| groups[*place]).collect();
    let audience = Audience {
        everyone: choice.everyone,
        included: chosen(&choice.included),
        excluded: chosen(&choice.excluded),
        channel: choice.channel,
    };
    let parts: Vec<Option<Part>> = people.iter().map(|person| part(person, choice)).collect();
    let number = |wanted: Part| parts.iter().filter(|part| **part == Some(wanted)).count() as i64;
    let expected = Reach {
        included: parts.iter().flatten().count() as i64,
        excluded: number(Part::Excluded),
        blocked: number(Part::Blocked),
        unreachable: number(Part::Unreachable),
        receivers: number(Part::Receivers),
    };
    prop_assert_eq!(audience.reach(conn).unwrap(), expected);
    for (id, part) in ids.iter().zip(&parts) {
        prop_assert_eq!(audience.includes(conn, *id).unwrap(), *part == Some(Part::Receivers));
    }
    for wanted in Part::ALL {
        let listed = audience.members(conn, wanted, &Keyset::default()).unwrap();
        let listed: Vec<MemberId> = listed.rows.iter().map(|row| row.id).collect();
        let model: Vec<MemberId> = ids
            .iter()
            .zip(&parts)
            .filter(|(_, part)| if wanted == Part::Included { part.is_some() } else { **part == Some(wanted) })
            .map(|(id, _)| *id)
            .collect();
        prop_assert_eq!(listed, model, "{:?}", wanted);
    }
    Ok(())
}

#[test]
fn the_members_behind_a_number_come_in_pages() {
    let app = TestApp::start();
    let ids = make::members(&app, 120);
    let vip = make::group(&app, "VIP").make();
    make::stay(&app, vip, &ids[..110]);
    let audience = Audience { everyone: false, included: vec![vip], excluded: vec![], channel: Channel::App };
    let conn = &mut app.conn();

    let first = audience.members(conn, Part::Receivers, &Keyset::default()).unwrap();
    let second = audience.members(conn, Part::Receivers, &Keyset { after: first.next, before: None }).unwrap();
    let third = audience.members(conn, Part::Receivers, &Keyset { after: second.next, before: None }).unwrap();
    let back = audience.members(conn, Part::Receivers, &Keyset { after: None, before: third.previous }).unwrap();

    assert_eq!((first.rows.len(), second.rows.len(), third.rows.len()), (50, 50, 10));
    assert_eq!(third.next, None);
    assert_eq!(third.rows[9].id, ids[109]);
    assert_eq!(back.rows[0].id, second.rows[0].id);
}

#[test]
fn nothing_is_issued_through_a_group_that_is_over() {
    let app = TestApp::start();
    let ids = make::members(&app, 3);
    let over = make::group(&app, "Over")
        .between(app.now() - chrono::Duration::days(9), Some(app.now() - chrono::Duration::days(1)))
        .make();
    let open = make::group(&app, "Open").make();
    make::stay(&app, over, &ids[..2]);
    make::stay(&app, open, &ids[2..]);
    let conn = &mut app.conn();
    let audience = |included: Vec<GroupId>, excluded: Vec<GroupId>| Audience {
        everyone: false,
        included,
        excluded,
        channel: Channel::App,
    };
    let mut receivers = |audience: Audience| {
        let running = audience.still_running(conn, app.now()).unwrap();
        running.reach(conn).unwrap().receivers
    };

    assert_eq!(receivers(audience(vec![over, open], vec![])), 1);
    assert_eq!(receivers(audience(vec![over], vec![])), 0);
    assert_eq!(receivers(audience(vec![over], vec![open])), 0);
    // what it keeps out stays out
    assert_eq!(receivers(audience(vec![], vec![over])), 1);
}
