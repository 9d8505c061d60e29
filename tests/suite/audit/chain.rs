//! Whatever is changed in the stored log, the chain tells.

use diesel::prelude::*;
use muster::audit::{self, Actor, Change, Subject};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{TestApp, make};

const ENTRIES: i64 = 12;

/// One act of someone who may write everything but the hashes' secret, of which there is none: a single statement.
fn tampering() -> impl Strategy<Value = String> {
    let id = 1..=ENTRIES;
    let column = prop_oneof![
        Just("actor = actor || 'x'"),
        Just("action = upper(action)"),
        Just("subject_kind = 'other'"),
        Just("subject_id = subject_id || '0'"),
        Just("subject_name = ''"),
        Just("at = at + interval '1 microsecond'"),
        Just("account_id = gen_random_uuid()"),
        Just("address = '192.0.2.1'"),
        Just("address = ''"),
        Just("before = '{\"a\": 2}'"),
        Just("before = NULL"),
        Just("after = '{}'"),
        Just("hash = sha256(hash)"),
        Just("id = id + 1000"),
    ];
    prop_oneof![
        8 => (id.clone(), column).prop_map(|(id, column)| format!("UPDATE audit_entry SET {column} WHERE id = {id}")),
        2 => id.clone().prop_map(|id| format!("DELETE FROM audit_entry WHERE id = {id}")),
        2 => (id.clone(), id).prop_map(|(a, b)| {
            let b = if a == b { a % ENTRIES + 1 } else { b };
            format!(
                "WITH other AS (SELECT * FROM audit_entry WHERE id IN ({a}, {b}))
                 UPDATE audit_entry AS e SET actor = o.actor, action = o.action, subject_name = o.subject_name, hash = o.hash
                 FROM other AS o WHERE (e.id = {a} AND o.id = {b}) OR (e.id = {b} AND o.id = {a})"
            )
        }),
        1 => Just("UPDATE audit_head SET last_id = last_id - 1".to_owned()),
        1 => Just("UPDATE audit_head SET hash = sha256(hash)".to_owned()),
        1 => Just(format!("INSERT INTO audit_entry SELECT {} AS id, at, account_id, actor, action, subject_kind, subject_id,
                     subject_name, before, after, hash, address FROM audit_entry WHERE id = 1", ENTRIES + 1)),
    ]
}

#[test]
fn any_single_change_is_found() {
    let app = TestApp::start();
    let conn = &mut app.conn();
    for number in 1..=ENTRIES {
        let actor = Actor::program(&format!("robot {number}")).from(if number % 2 == 0 { "198.51.100.7" } else { "" });
        let change = Change {
            action: "counted",
            before: Some(serde_json::json!({ "a": 1, "n": number })),
            after: (number % 3 == 0).then(|| serde_json::json!({ "b": [number] })),
        };
        audit::append(conn, &actor, app.now(), &Subject::new("setting", number, format!("Number {number}")), &change)
            .unwrap();
    }
    assert_eq!(audit::first_broken_entry(conn).unwrap(), None);
    make::run(&app, "ALTER TABLE audit_entry DISABLE TRIGGER USER");
    make::run(&app, "ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey");
    let everything = "SELECT md5(string_agg(e::text, '|' ORDER BY id)) || (SELECT h::text FROM audit_head AS h) FROM audit_entry AS e";
    let before = make::text(&app, everything);
    let conn = std::cell::RefCell::new(app.conn());
    let mut runner = TestRunner::new(Config { cases: 120, failure_persistence: None, ..Config::default() });
    runner
        .run(&tampering(), |statement| {
            let mut found = None;
            let _ = conn.borrow_mut().transaction(|conn| -> Result<(), diesel::result::Error> {
                diesel::sql_query(&statement).execute(conn)?;
                let changed: String =
                    diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(&format!("({everything})")))
                        .get_result(conn)?;
                found = Some((changed != before, audit::first_broken_entry(conn)?));
                Err(diesel::result::Error::RollbackTransaction)
            });
            let (changed, broken) = found.expect(&statement);
            prop_assert_eq!(broken.is_some(), changed, "{}", statement);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_chain_from_before_addresses_were_kept_still_holds() {
    let app = TestApp::start();
    let conn = &mut app.conn();
    audit::append(
        conn,
        &Actor::program("robot"),
        app.now(),
        &Subject::new("setting", 1, "One"),
        &Change { action: "counted", before: None, after: None },
    )
    .unwrap();
    // as the first migration hashed it
    let as_before =
        "SELECT (hash = sha256(sha256('muster') || convert_to(jsonb_build_array(id, extract(epoch FROM at), account_id,
        actor, action, subject_kind, subject_id, subject_name, before, after)::text, 'UTF8')))::text FROM audit_entry";
    assert_eq!(make::text(&app, as_before), "true");
    assert_eq!(audit::first_broken_entry(conn).unwrap(), None);
}
