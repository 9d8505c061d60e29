//! Batches are cancelled while they are made, and taken back from drafts.

use diesel::prelude::*;
use muster::audit::Actor;
use muster::codes::batch::{self, NewBatch};
use muster::codes::prepare::format_of;
use muster::codes::stop_batch;
use muster::ids::{CampaignId, CodeBatchId};

use crate::support::{TestApp, make};

fn ordered(app: &TestApp, count: i32) -> (CampaignId, CodeBatchId) {
    let campaign = make::campaign(app, "Latte", "code").many_codes().make();
    NewBatch { campaign, format: format_of("", 10), count }.begin(&mut app.conn(), app.now()).unwrap();
    (campaign, CodeBatchId(make::count(app, "SELECT max(id) FROM code_batch")))
}

#[test]
fn what_is_made_stays_and_the_rest_is_not_made() {
    let app = TestApp::start();
    let (id, _) = ordered(&app, 200_000);
    batch::make_next(&mut app.app_conn(), app.now(), &[]).unwrap();
    let marketer = app.marketer();
    let page = marketer.get(&format!("/campaigns/{id}/codes/batches"));
    assert_eq!(page.texts_at("tbody td[data-label=State]"), ["Being made, 50,000 of 200,000"]);
    let ask = page.click("Cancel");
    assert!(ask.shows("50,000 codes are there and stay"), "{}", ask.text());
    let done = ask.form("Cancel batch").send().follow(&marketer);
    assert!(done.shows("Cancelled. 50,000 codes are there and stay."), "{}", done.text());
    assert_eq!(done.texts_at("tbody td[data-label=State]"), ["Cancelled, 50,000 of 200,000"]);
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 50_000);
    assert!(!marketer.get(&format!("/campaigns/{id}/codes")).shows("codes made"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM audit_entry WHERE action = 'code batch cancelled'"), 1);

    let again = ask.form("Cancel batch").send().follow(&marketer);
    assert!(again.shows("complete already"), "{}", again.text());
    // more can be ordered, counted from what there is
    let more = marketer.get(&format!("/campaigns/{id}/codes/new"));
    assert_eq!(more.form("Make codes").fill("Number of codes", "10").send().status, 303);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 50_010);
}

#[test]
fn cancelled_while_workers_are_at_it_says_how_many_there_are() {
    let app = TestApp::start();
    let (id, batch) = ordered(&app, 400_000);
    let made = std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let conn = &mut app.app_conn();
                for _ in 0..12 {
                    let _ = batch::make_next(conn, app.now(), &[]).unwrap();
                }
            });
        }
        let conn = &mut app.app_conn();
        while make::count(&app, "SELECT made FROM code_batch") == 0 {
            std::thread::yield_now();
        }
        let actor = Actor::program("test");
        conn.transaction(|conn| stop_batch::stop(conn, id, batch, &actor, app.now())).unwrap()
    });
    let there = make::count(&app, "SELECT count(*) FROM code");
    assert_eq!(made, Some(there));
    assert!(there < 400_000);
    assert_eq!(make::count(&app, "SELECT made FROM code_batch"), there);
}

#[test]
fn a_batch_is_taken_back_from_a_draft_only() {
    let app = TestApp::start();
    let (id, batch) = ordered(&app, 60_000);
    app.work();
    make::run(&app, "UPDATE campaign SET published_at = NULL");
    let marketer = app.marketer();
    let list = format!("/campaigns/{id}/codes/batches");
    let ask = marketer.get(&list).click("Remove");
    make::run(&app, "UPDATE campaign SET published_at = now()");
    assert!(!marketer.get(&list).has_link("Remove"));
    assert!(ask.form("Remove batch").send().follow(&marketer).shows("Nothing was removed"));
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 60_000);

    make::run(&app, "UPDATE campaign SET published_at = NULL");
    assert!(ask.form("Remove batch").send().follow(&marketer).shows("being removed"));
    app.work();
    assert_eq!(make::count(&app, "SELECT (SELECT count(*) FROM code) + (SELECT count(*) FROM code_batch)"), 0);
    assert_eq!(marketer.get(&format!("{list}/{batch}/remove")).status, 404);
}

#[test]
fn batches_of_others_are_not_found() {
    let app = TestApp::start();
    let (_, batch) = ordered(&app, 20_000);
    let other = make::campaign(&app, "Other", "code").many_codes().make();
    let marketer = app.marketer();
    for what in ["cancel", "remove"] {
        let path = format!("/campaigns/{other}/codes/batches/{batch}/{what}");
        assert_eq!(marketer.get(&path).status, 404);
        assert_eq!(marketer.bypass(&path, &[], "/campaigns/new").status, 404);
    }
    assert_eq!(marketer.get(&format!("/campaigns/{other}/codes?batch={batch}")).status, 404);
    app.work();
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 20_000);
}
