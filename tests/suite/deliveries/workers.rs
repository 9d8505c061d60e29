//! Real worker processes on one database, one of them killed.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::prelude::*;

use crate::support::{TestApp, make};

/// A worker process; killed when dropped.
struct Worker(Child);

impl Worker {
    fn start(app: &TestApp) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_muster"))
            .arg("worker")
            .env("MUSTER_DATABASE_URL", app.database_url())
            .env("MUSTER_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // SIGKILL
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what} takes too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Live by the machine's clock, which worker processes go by.
fn live(app: &TestApp) {
    diesel::sql_query("UPDATE campaign SET starts_at = now() - interval '1 day', ends_at = now() + interval '30 days'")
        .execute(&mut app.conn())
        .unwrap();
}

#[test]
fn two_workers_one_killed_midway_issue_exactly_once() {
    let app = TestApp::start();
    let ids = make::members(&app, 70_000);
    make::campaign(&app, "Latte", "app").draft().make();
    live(&app);
    // holds up the second chunk: whoever is at it waits for this row
    let mut block = app.conn();
    diesel::sql_query("BEGIN").execute(&mut block).unwrap();
    diesel::sql_query(format!(
        "INSERT INTO delivery (member_id, campaign_id, issued_at) SELECT {}, id, now() FROM campaign",
        ids[30_000].0
    ))
    .execute(&mut block)
    .unwrap();

    let first = Worker::start(&app);
    let second = Worker::start(&app);
    diesel::sql_query("UPDATE campaign SET published_at = now()").execute(&mut app.conn()).unwrap();
    until("the second chunk", || {
        make::count(&app, "SELECT issued_up_to FROM campaign") > 0
            && make::count(
                &app,
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()",
            ) > 0
    });
    drop(first);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), 20_000);
    diesel::sql_query("ROLLBACK").execute(&mut block).unwrap();
    drop(second);

    let _third = Worker::start(&app);
    let _fourth = Worker::start(&app);
    until("the rest", || make::count(&app, "SELECT count(*) FROM campaign WHERE issued_at IS NOT NULL") == 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM delivery"), 70_000);
    assert_eq!(make::count(&app, "SELECT count(DISTINCT code) FROM delivery"), 70_000);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 70_000);
    assert_eq!(make::count(&app, "SELECT sum(change) FROM delivery_count WHERE state <> 'skipped'"), 70_000);
}

#[test]
fn codes_are_all_made_though_their_worker_is_killed() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().make();
    let format = muster::codes::prepare::format_of("", 10);
    let order = muster::codes::batch::NewBatch { campaign: id, format, count: 400_000 };
    order.begin(&mut app.conn(), app.now()).unwrap();
    let worker = Worker::start(&app);
    until("the first codes", || make::count(&app, "SELECT made FROM code_batch") > 0);
    drop(worker);
    let made = make::count(&app, "SELECT made FROM code_batch");
    assert!(made < 400_000, "killed too late to prove anything");
    let _other = Worker::start(&app);
    until("the rest", || make::count(&app, "SELECT count(*) FROM code_batch WHERE finished_at IS NOT NULL") == 1);
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 400_000);
}

#[test]
fn files_of_codes_are_taken_in_though_their_worker_is_killed() {
    let app = TestApp::start();
    let id = make::campaign(&app, "Latte", "code").many_codes().draft().make();
    make::run(&app, "UPDATE campaign SET code_source = 'imported'");
    let marketer = app.marketer();
    let file: String =
        (1..=150_000_u64).map(|n| format!("{:013X}\n", n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 12)).collect();
    let page = marketer.get(&format!("/campaigns/{id}/codes/import"));
    let page = page.form("Upload").attach("File", file.into_bytes()).send().follow(&marketer);
    page.form("Check the file").send();
    let killed_once = |first: &str, all: &str| {
        let worker = Worker::start(&app);
        until(first, || make::count(&app, &format!("SELECT {first} FROM code_import")) > 0);
        drop(worker);
        assert_eq!(make::count(&app, &format!("SELECT count({all}) FROM code_import")), 0, "killed too late");
        let _other = Worker::start(&app);
        until("the rest", || make::count(&app, &format!("SELECT count({all}) FROM code_import")) == 1);
    };
    killed_once("rows", "checked_at");
    assert_eq!(make::count(&app, "SELECT fresh FROM code_import WHERE rows = 150000"), 150_000);
    let path = make::text(&app, &format!("SELECT '/campaigns/{id}/codes/imports/' || id FROM code_import"));
    marketer.get(&path).form("Import 150,000 codes").send();
    killed_once("taken", "applied_at");
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), 150_000);
    assert_eq!(make::count(&app, "SELECT made FROM code_batch WHERE finished_at IS NOT NULL"), 150_000);
}
