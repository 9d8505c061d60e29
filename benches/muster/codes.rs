use std::process::{Command, Stdio};
use std::time::Instant;

use diesel::prelude::*;
use muster::codes::generate::{Batch, Draw};
use muster::codes::prepare::format_of;
use muster::schema::code;

use crate::cookie::TOKEN;
use crate::http::{Connection, Request};
use crate::issuing::wait;
use crate::memory::{self, Memory};
use crate::pgbench;
use crate::report::Bulk;
use crate::server::{Server, program};
use crate::sql;
use crate::world::World;

/// A row of many codes, for one use each.
#[derive(Insertable)]
#[diesel(table_name = code)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    text: String,
    campaign_id: i64,
    uses_allowed: Option<i32>,
    uses_taken: i32,
    member_id: Option<i64>,
    batch_id: Option<i64>,
}

/// As many codes as members, by the worker, against COPY of as many rows; then their file, against COPY of them.
pub fn measure(world: &World, memory: &mut Memory) -> Vec<Bulk> {
    crate::report::say("codes");
    let conn = &mut world.conn();
    let count = world.made.members;
    let rows = count.cast_signed();
    let first = copied(conn, count, "BENCHA", 1);
    let (seconds, most) = made_by_worker(conn, world, count);
    let second = copied(conn, count, "BENCHC", 2);
    memory.issuing = memory.issuing.max(most);
    let made = Bulk { name: format!("{count} codes"), seconds, bare: first.min(second), rows };
    let (seconds, bare) = exported(conn, world, count);
    let export = Bulk { name: format!("export of {count} codes"), seconds, bare, rows };
    vec![made, export, printed(conn, world, memory)]
}

/// A PDF of labels as a browser gets it, from the form to the last byte.
fn printed(conn: &mut PgConnection, world: &World, memory: &mut Memory) -> Bulk {
    const CARDS: usize = 10_000;
    const ON_A_SHEET: usize = 21;
    let id = sql::number(conn, "SELECT max(id) FROM campaign WHERE code_prefix = 'BENCHB'");
    let batch = sql::number(conn, &format!("SELECT max(id) FROM code_batch WHERE campaign_id = {id}"));
    let server = Server::start(world);
    let desk = crate::cookie::signed("muster_session", "bench-desk-0");
    let mut browser = Connection::open(server.address());
    let form = format!(
        "csrf={TOKEN}&batch={batch}&from=1&to={CARDS}&sheet=l7160&barcode=qr&holds=code&numbered=on\
         &title=Free+latte&text=For+members+of+the+club&validity=Valid+until+24+Dec+2026"
    );
    let request = Request::post(&format!("/campaigns/{id}/codes/print"), &desk, &form);
    let begun = Instant::now();
    let (status, most) = memory::watch(server.pid(), || browser.send(&request).unwrap());
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(status, 200);
    memory.issuing = memory.issuing.max(most);
    let pages = browser.bytes().windows(11).filter(|part| part == b"/Type/Page/").count();
    assert_eq!(pages, CARDS.div_ceil(ON_A_SHEET));
    crate::report::say(&format!(
        "print: {pages} pages, {} bytes, {most} bytes resident at most",
        browser.bytes().len()
    ));
    Bulk { name: "print: 10,000 cards".into(), seconds, bare: 0.0, rows: 10_000 }
}

/// The file as a browser gets it, against COPY of the same rows to a client that drops them.
fn exported(conn: &mut PgConnection, world: &World, count: u64) -> (f64, f64) {
    let id = sql::number(conn, "SELECT max(id) FROM campaign WHERE code_prefix = 'BENCHB'");
    sql::run(conn, "VACUUM ANALYZE code");
    let server = Server::start(world);
    let bare = || {
        let begun = Instant::now();
        let rows =
            format!("SELECT text, uses_allowed, uses_taken, member_id, batch_id FROM code WHERE campaign_id = {id}");
        let mut psql = Command::new(pgbench::tool("psql"));
        psql.arg(world.url()).args(["-qc", &format!("\\copy ({rows}) TO STDOUT CSV")]).stdout(Stdio::null());
        assert!(psql.status().unwrap().success());
        begun.elapsed().as_secs_f64()
    };
    let first = bare();
    let desk = crate::cookie::signed("muster_session", "bench-desk-0");
    let mut browser = Connection::open(server.address());
    let begun = Instant::now();
    assert_eq!(browser.send(&Request::get(&format!("/campaigns/{id}/codes/export.csv"), &desk)).unwrap(), 200);
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(browser.body().lines().count() as u64, count + 1);
    (seconds, first.min(bare()))
}

fn campaign(conn: &mut PgConnection, prefix: &str, count: u64) -> i64 {
    sql::run(
        conn,
        &format!(
            "INSERT INTO campaign (kind, channel, created_at, name, title, offer, code_source, code_prefix, code_count)
               VALUES ('coupon', 'code', now(), 'Bench {prefix}', 'Bench', 'free_item', 'many', '{prefix}', {count})"
        ),
    );
    sql::number(conn, "SELECT max(id) FROM campaign")
}

/// Rows that are made before, so that only COPY takes time.
fn copied(conn: &mut PgConnection, count: u64, prefix: &str, seed: u64) -> f64 {
    let campaign_id = campaign(conn, prefix, count);
    let (mut draw, mut batch) = (Draw::seeded(format_of(prefix, 10), count, seed).unwrap(), Batch::default());
    let mut rows = Vec::new();
    while draw.fill(&mut batch) {
        rows.extend(batch.iter().map(|text| Row {
            text: text.to_owned(),
            campaign_id,
            uses_allowed: Some(1),
            uses_taken: 0,
            member_id: None,
            // in a batch, as the worker's are, so that the same indexes are kept
            batch_id: Some(campaign_id),
        }));
    }
    sql::run(conn, "CHECKPOINT");
    let begun = Instant::now();
    diesel::copy_from(code::table).from_insertable(&rows).execute(conn).unwrap();
    begun.elapsed().as_secs_f64()
}

fn made_by_worker(conn: &mut PgConnection, world: &World, count: u64) -> (f64, u64) {
    let mut command = program();
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(world.folder.join("secret"));
    let server = Server::greeted(command.env("DATABASE_URL", world.url()));
    let id = campaign(conn, "BENCHB", count);
    sql::run(
        conn,
        &format!(
            "CHECKPOINT; INSERT INTO code_batch (campaign_id, requested, created_at) VALUES ({id}, {count}, now())"
        ),
    );
    let made = |conn: &mut PgConnection, what: &str| {
        sql::number(conn, &format!("SELECT count(*) FROM code_batch WHERE campaign_id = {id} AND {what}")) == 1
    };
    // the worker looks once a second; its time runs from when it takes the table's lock
    let begins = "SELECT count(*) FROM pg_locks WHERE relation = 'code'::regclass AND mode = 'RowExclusiveLock'";
    wait(conn, |conn| sql::number(conn, begins) > 0 || made(conn, "made > 0"));
    let begun = Instant::now();
    let ((), most) = memory::watch(server.pid(), || wait(conn, |conn| made(conn, "finished_at IS NOT NULL")));
    (begun.elapsed().as_secs_f64(), most)
}
