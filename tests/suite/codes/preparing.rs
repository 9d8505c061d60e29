//! What publishing makes of the chosen codes.

use diesel::prelude::*;
use muster::codes::{PrepareError, prepare};
use muster::ids::CampaignId;
use muster::schema::campaign;

use crate::support::{TestApp, make};

fn prepared(app: &TestApp, id: CampaignId) -> Result<(), PrepareError> {
    app.conn().transaction(|conn| prepare(conn, id, app.now()))
}

fn set(app: &TestApp, id: CampaignId, what: &str) {
    diesel::sql_query(format!("UPDATE campaign SET {what} WHERE id = {id}")).execute(&mut app.conn()).unwrap();
}

#[test]
fn a_typed_code_is_stored_as_it_is_compared() {
    let app = TestApp::start();
    let id = make::campaign(&app, "VIP", "code").make();
    set(&app, id, "shared_code = 'vip-2026', validations_in_all = 50");
    prepared(&app, id).unwrap();
    assert_eq!(make::text(&app, "SELECT text || ' ' || uses_allowed FROM code"), "VIP2026 50");
    assert_eq!(make::text(&app, "SELECT shared_code FROM campaign"), "VIP2026");
    // once more does no harm
    prepared(&app, id).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 1);
}

#[test]
fn a_code_that_another_coupon_has_is_refused_and_the_transaction_goes_on() {
    let app = TestApp::start();
    make::campaign(&app, "First", "code").one_code("VIP2026", None).make();
    let id = make::campaign(&app, "Second", "code").make();
    set(&app, id, "shared_code = 'VIP 2026'");
    app.conn()
        .transaction(|conn| -> QueryResult<()> {
            assert!(matches!(prepare(conn, id, app.now()), Err(PrepareError::Taken)));
            diesel::update(campaign::table.find(id)).set(campaign::shared_code.eq("OTHER26")).execute(conn)?;
            Ok(())
        })
        .unwrap();
    prepared(&app, id).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 2);
}

#[test]
fn two_campaigns_typed_the_same_code_at_once() {
    let app = TestApp::start();
    let ids: Vec<CampaignId> = (0..8)
        .map(|n| {
            let id = make::campaign(&app, &format!("C{n}"), "code").make();
            set(&app, id, "shared_code = 'SAME2026'");
            id
        })
        .collect();
    let outcomes: Vec<bool> = std::thread::scope(|scope| {
        let threads: Vec<_> = ids.iter().map(|id| scope.spawn(|| prepared(&app, *id).is_ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|done| **done).count(), 1);
}

#[test]
fn a_code_is_generated_where_none_was_typed() {
    let app = TestApp::start();
    let id = make::campaign(&app, "VIP", "code").make();
    set(&app, id, "code_prefix = 'VIP', code_length = 8");
    prepared(&app, id).unwrap();
    let text = make::text(&app, "SELECT code.text FROM code JOIN campaign ON shared_code = code.text");
    assert!(text.starts_with("VIP") && text.len() == 11, "{text}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE uses_allowed IS NULL"), 1);
}

#[test]
fn codes_that_could_be_guessed_are_refused() {
    let app = TestApp::start();
    let typed = make::campaign(&app, "Typed", "code").make();
    set(&app, typed, "shared_code = 'VIP'");
    let Err(PrepareError::Guessable(message)) = prepared(&app, typed) else { panic!() };
    assert!(message.starts_with("Use at least 4 characters"), "{message}");

    let many = make::campaign(&app, "Many", "code").many_codes().make();
    set(&app, many, "code_count = 5000000, code_length = 6");
    let Err(PrepareError::Guessable(message)) = prepared(&app, many) else { panic!() };
    assert_eq!(message, "Use at least 9 characters for 5,000,000 codes");
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 0);
}

#[test]
fn few_codes_are_made_at_once_and_many_are_ordered() {
    let app = TestApp::start();
    let few = make::campaign(&app, "Few", "code").many_codes().make();
    set(&app, few, "code_count = 10000");
    prepared(&app, few).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code WHERE uses_allowed = 1 AND uses_taken = 0"), 10_000);
    assert_eq!(make::count(&app, "SELECT made FROM code_batch WHERE finished_at IS NOT NULL"), 10_000);

    let many = make::campaign(&app, "Many", "code").many_codes().make();
    set(&app, many, "code_count = 10001");
    prepared(&app, many).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_batch WHERE finished_at IS NULL AND made = 0"), 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 10_000);

    let personal = make::campaign(&app, "Personal", "app").make();
    prepared(&app, personal).unwrap();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 10_000);
}
