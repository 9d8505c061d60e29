//! Codes by the million, by any number of workers.

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use muster::codes::batch::{self, NewBatch};
use muster::codes::prepare::format_of;
use muster::ids::CampaignId;

use crate::support::{TestApp, make};

fn ordered(app: &TestApp, name: &str, count: i32) -> CampaignId {
    let campaign = make::campaign(app, name, "code").many_codes().make();
    NewBatch { campaign, format: format_of("", 10), count }.begin(&mut app.conn(), app.now()).unwrap();
    campaign
}

#[test]
fn several_workers_make_exactly_what_was_ordered() {
    let app = TestApp::start();
    ordered(&app, "A", 130_000);
    ordered(&app, "B", 120_001);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let conn = &mut app.conn();
                // what another worker is at is passed over, so there may be more to do later
                for _ in 0..40 {
                    if batch::make_next(conn, app.now(), &[]).unwrap().is_none() {
                        std::thread::sleep(Duration::from_millis(50));
                    }
                }
            });
        }
    });
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM code JOIN campaign ON campaign.id = campaign_id AND name = 'A'"),
        130_000
    );
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 250_001);
    assert_eq!(
        make::count(&app, "SELECT count(*) FROM code_batch WHERE made = requested AND finished_at IS NOT NULL"),
        2
    );
}

#[test]
fn a_chunk_that_does_not_commit_counts_for_nothing() {
    let app = TestApp::start();
    ordered(&app, "A", 60_000);
    let conn = &mut app.conn();
    let lost: QueryResult<()> = conn.transaction(|conn| {
        batch::make_next(conn, app.now(), &[]).map_err(|failed| failed.error)?;
        Err(Error::RollbackTransaction)
    });
    assert!(lost.is_err());
    assert_eq!(make::count(&app, "SELECT made FROM code_batch"), 0);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 0);
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 60_000);
}

#[test]
fn a_code_that_exists_already_is_drawn_anew() {
    let app = TestApp::start();
    ordered(&app, "A", 20_000);
    // the first two draws of the worker meet a code that exists
    let conn = &mut app.conn();
    diesel::sql_query("CREATE SEQUENCE tries").execute(conn).unwrap();
    diesel::sql_query(
        "CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
           IF nextval('tries') <= 2 THEN RAISE unique_violation; END IF; RETURN NULL; END $$",
    )
    .execute(conn)
    .unwrap();
    diesel::sql_query("CREATE TRIGGER clash AFTER INSERT ON code FOR EACH STATEMENT EXECUTE FUNCTION clash()")
        .execute(conn)
        .unwrap();
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 20_000);
    assert_eq!(make::count(&app, "SELECT last_value FROM tries"), 3);
}

#[test]
fn what_never_fits_is_an_error_and_not_a_loop() {
    let app = TestApp::start();
    ordered(&app, "A", 20_000);
    let conn = &mut app.conn();
    diesel::sql_query(
        "CREATE FUNCTION clash() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE unique_violation; END $$",
    )
    .execute(conn)
    .unwrap();
    diesel::sql_query("CREATE TRIGGER clash AFTER INSERT ON code FOR EACH STATEMENT EXECUTE FUNCTION clash()")
        .execute(conn)
        .unwrap();
    let failed = batch::make_next(conn, app.now(), &[]).unwrap_err();
    assert!(matches!(failed.error, Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)));
    assert!(failed.campaign.is_some());
    assert_eq!(batch::make_next(conn, app.now(), &[failed.campaign.unwrap()]).unwrap(), None);
}
