//! A worker that is killed midway, again and again: every code that was ordered or imported is there, once.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use muster::codes::batch::NewBatch;
use muster::codes::generate::{Batch, Draw};
use muster::codes::prepare::format_of;

use super::importing::{draft, upload};
use crate::command::running::Folder;
use crate::support::{TestApp, make};

const ORDERED: i32 = 300_000;
const ROWS: u64 = 120_000;

fn worker(app: &TestApp, folder: &Folder) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command.args(["worker", "--log", "error", "--data", folder.name()]).env("DATABASE_URL", app.database_url());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Starts workers and kills each as soon as something moved, until it is done; how many were killed before.
fn kill_until(app: &TestApp, folder: &Folder, done: &str, moved: &str) -> u32 {
    let (mut kills, until) = (0, Instant::now() + Duration::from_secs(120));
    loop {
        let before = make::text(app, moved);
        let mut worker = worker(app, folder);
        while make::text(app, moved) == before && make::count(app, done) == 0 {
            assert!(Instant::now() < until, "nothing moves any more: {before}");
            std::thread::sleep(Duration::from_millis(2));
        }
        worker.kill().unwrap();
        worker.wait().unwrap();
        if make::count(app, done) > 0 {
            return kills;
        }
        kills += 1;
    }
}

#[test]
fn killed_workers_make_and_import_every_code_once() {
    let app = TestApp::start();
    let folder = Folder::new("codes");
    let ordered = make::campaign(&app, "Many", "code").many_codes().make();
    NewBatch { campaign: ordered, format: format_of("", 10), count: ORDERED }
        .begin(&mut app.conn(), app.now())
        .unwrap();
    let kills = kill_until(
        &app,
        &folder,
        "SELECT count(*) FROM code_batch WHERE finished_at IS NOT NULL",
        "SELECT made::text FROM code_batch",
    );
    assert!(kills >= 3, "{kills}");
    assert_eq!(make::count(&app, "SELECT count(*) FROM code"), i64::from(ORDERED));

    let (marketer, imported) = (app.marketer(), draft(&app));
    let mut file = b"code\n".to_vec();
    let (mut draw, mut batch) = (Draw::seeded(format_of("IMP", 10), ROWS, 4).unwrap(), Batch::default());
    while draw.fill(&mut batch) {
        batch.iter().for_each(|code| file.extend_from_slice(format!("{code}\n").as_bytes()));
    }
    let page = upload(&marketer, imported, &file).form("Check the file").send().follow(&marketer);
    assert!(page.shows("rows checked"), "{}", page.text());
    let looked = kill_until(
        &app,
        &folder,
        "SELECT count(*) FROM code_import WHERE checked_at IS NOT NULL",
        "SELECT read_up_to::text FROM code_import",
    );
    let path = format!("/campaigns/{imported}/codes/imports/1");
    let page = marketer.get(&path);
    assert_eq!(page.texts_at(".figure-number")[..2], ["120,000", "120,000"], "{}", page.text());
    assert_eq!(page.form("Import 120,000 codes").send().status, 303);
    let taken = kill_until(
        &app,
        &folder,
        "SELECT count(*) FROM code_import WHERE applied_at IS NOT NULL",
        "SELECT taken::text FROM code_import",
    );
    assert!(looked + taken >= 2, "{looked} {taken}");
    let of = |campaign: muster::ids::CampaignId| format!("SELECT count(*) FROM code WHERE campaign_id = {campaign}");
    assert_eq!(make::count(&app, &of(imported)), ROWS.cast_signed());
    assert_eq!(make::count(&app, &of(ordered)), i64::from(ORDERED));
    // what triggers counted is what is there
    let kept = "SELECT sum(codes)::bigint AS count FROM code_count";
    assert_eq!(make::count(&app, kept), i64::from(ORDERED) + ROWS.cast_signed());
    assert_eq!(make::count(&app, "SELECT count(*) FROM code_batch WHERE made <> requested OR finished_at IS NULL"), 0);
}
