//! Imports by several people and workers at once, and cancelled amidst.

use diesel::prelude::*;
use muster::codes::import::{check, take_in};

use super::importing::{checked, draft, upload};
use crate::support::{TestApp, make};

fn many(count: usize, seed: u64) -> Vec<u8> {
    let code = |n: usize| format!("{:013X}\n", (n as u64 + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 12);
    (0..count).map(code).collect::<String>().into_bytes()
}

#[test]
fn two_workers_at_one_file_look_at_each_row_once_and_take_each_code_once() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    // more than a piece
    let mut file = many(90_000, 1);
    file.extend(many(1_000, 1));
    let page = upload(&marketer, id, &file);
    assert!(make::count(&app, "SELECT count(*) FROM code_import_piece") > 1);
    page.form("Check the file").send();
    let both = |step: fn(&mut PgConnection, &TestApp)| {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let conn = &mut app.app_conn();
                    (0..30).for_each(|_| step(conn, &app));
                });
            }
        });
    };
    both(|conn, app| {
        check::check_next(conn, app.now(), &[]).unwrap();
    });
    let page = marketer.get(&page_of(&app));
    assert_eq!(page.texts_at(".figure-number"), ["91,000", "90,000", "1,000", "0", "0"], "{}", page.text());
    page.form("Import 90,000 codes").send();
    both(|conn, app| {
        take_in::take_next(conn, app.now(), &[]).unwrap();
    });
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 90_000);
    assert_eq!(make::count(&app, "SELECT made FROM code_batch WHERE finished_at IS NOT NULL"), 90_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_import_row WHERE refused IS NULL"), 0);
}

fn page_of(app: &TestApp) -> String {
    make::text(
        app,
        "SELECT '/campaigns/' || campaign_id || '/codes/imports/' || id FROM code_import ORDER BY id DESC LIMIT 1",
    )
}

#[test]
fn pressed_twice_at_once_it_imports_once() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    let page = checked(&app, &marketer, id, &many(500, 2));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(page.form("Import 500 codes").send().status, 303));
        }
    });
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 500);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_batch"), 1);
    let again = page.form("Import 500 codes").send().follow(&marketer);
    assert!(again.shows("Nothing was done twice"), "{}", again.text());
    // the same file once more has nothing new
    let page = checked(&app, &marketer, id, &many(500, 2));
    assert_eq!(page.texts_at(".figure-number"), ["500", "0", "0", "500", "0"], "{}", page.text());
}

#[test]
fn the_same_codes_for_two_campaigns_go_to_one_of_them() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let (first, second) = (draft(&app), draft(&app));
    let pages = [first, second].map(|id| checked(&app, &marketer, id, &many(30_000, 3)));
    for page in &pages {
        assert_eq!(page.form("Import 30,000 codes").send().status, 303);
    }
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let conn = &mut app.app_conn();
                (0..12).for_each(|_| drop(take_in::take_next(conn, app.now(), &[])));
            });
        }
    });
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 30_000);
    assert_eq!(make::count(&app, "SELECT sum(taken) FROM code_import"), 30_000);
    assert_eq!(make::count(&app, "SELECT sum(late) FROM code_import"), 30_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_import_row WHERE refused = 'known'"), 30_000);
}

#[test]
fn cancelled_amidst_what_was_taken_in_stays() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    checked(&app, &marketer, id, &many(50_000, 4)).form("Import 50,000 codes").send();
    take_in::take_next(&mut app.app_conn(), app.now(), &[]).unwrap();
    let page = marketer.get(&page_of(&app)).form("Cancel import").send().follow(&marketer);
    assert!(page.shows("20,000 codes were taken in and stay"), "{}", page.text());
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 20_000);
    // what was not taken in can be taken in later, with the same file
    let page = checked(&app, &marketer, id, &many(50_000, 4));
    assert_eq!(page.texts_at(".figure-number"), ["50,000", "30,000", "0", "20,000", "0"], "{}", page.text());
    let page = page.form("Cancel import").send().follow(&marketer);
    assert!(page.shows("No code was taken in"), "{}", page.text());
    assert!(!page.has_button("Import 30,000 codes"));
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 20_000);
}

#[test]
fn a_chunk_that_does_not_commit_counts_for_nothing() {
    let app = TestApp::start();
    let marketer = app.marketer();
    let id = draft(&app);
    checked(&app, &marketer, id, &many(30_000, 5)).form("Import 30,000 codes").send();
    let lost: QueryResult<()> = app.app_conn().transaction(|conn| {
        take_in::take_next(conn, app.now(), &[]).map_err(|failed| failed.error)?;
        Err(diesel::result::Error::RollbackTransaction)
    });
    assert!(lost.is_err());
    assert_eq!(make::count(&app, "SELECT (SELECT count(*) FROM code) + (SELECT sum(made) FROM code_batch)"), 0);
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 30_000);
}
