use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, Version};
use diesel::prelude::*;
use muster::accounts::HashCost;
use muster::accounts::password::Password;
use muster::audit::{self, Actor, Change, Subject};

use crate::cookie;
use crate::http::Request;
use crate::memory::Memory;
use crate::options::Options;
use crate::report::{Bulk, Line};
use crate::server::{Server, program};
use crate::sql;
use crate::world::World;

const PASSWORD: &str = "four lemons on a bicycle";
/// Whose passwords are tried, each by one connection.
const ACCOUNTS: usize = 64;
/// Entries of the audit log.
const ENTRIES: i64 = 5_000;

/// Sign-ins a second, against bare hashes of the same cost on as many threads.
pub fn measure(world: &World, options: &Options, memory: &mut Memory) -> Vec<Line> {
    prepare(world);
    let mut command = program();
    command.args(["serve", "--no-worker", "--listen", "127.0.0.1:0", "--trusted-hops", "1", "--data"]);
    let server = Server::greeted(command.arg(world.folder.join("secret")).env("DATABASE_URL", world.url()));
    let seconds = options.seconds as f64;
    let each = |connections: &usize| {
        crate::report::say(&format!("sign-in, {connections} connections"));
        let served = memory.watching(server.pid(), || {
            crate::load::run(server.address(), seconds, *connections, |worker| sign_ins(worker))
        });
        Line {
            name: "sign-in (limit: argon2)",
            connections: *connections,
            served,
            limit: hashes(*connections, seconds),
        }
    };
    options.connections.iter().map(each).collect()
}

fn prepare(world: &World) {
    let hash = HashCost::default().hash(&Password::known(PASSWORD)).unwrap();
    let values = format!(
        "INSERT INTO account (id, email, name, role, password_hash, created_at)
         SELECT gen_random_uuid(), 'bench' || n || '@example.com', 'Bench', 'support', '{hash}', now()
         FROM generate_series(1, {ACCOUNTS}) AS n ON CONFLICT DO NOTHING"
    );
    sql::run(&mut world.conn(), &values);
}

/// Each from an address of its own, as far as the throttle can see.
fn sign_ins(worker: usize) -> Box<dyn FnMut() -> Option<Request> + Send> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (cookie, token) = cookie::visitor(&format!("bench-visitor-{worker}"));
    let email = format!("bench{}%40example.com", worker % ACCOUNTS + 1);
    let form = format!("csrf={token}&email={email}&password={}&next=", PASSWORD.replace(' ', "+"));
    Box::new(move || {
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let address = format!("10.{}.{}.{}", n >> 16 & 255, n >> 8 & 255, n & 255);
        Some(Request::post("/sign-in", &cookie, &form).forwarded_for(&address))
    })
}

/// Hashes a second with nothing around them.
fn hashes(connections: usize, seconds: f64) -> f64 {
    let cost = HashCost::default();
    let params = Params::new(cost.memory, cost.passes, cost.lanes, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(connections);
    let begun = Instant::now();
    let counts = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let (mut count, mut out) = (0u64, [0; 32]);
                    while begun.elapsed() < Duration::from_secs_f64(seconds) {
                        argon2.hash_password_into(PASSWORD.as_bytes(), b"a salt of its own", &mut out).unwrap();
                        count += 1;
                    }
                    count
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum::<u64>()
    });
    counts as f64 / begun.elapsed().as_secs_f64()
}

/// What an entry of the audit log costs, a transaction each, against the same rows in a table without a chain.
pub fn audit_entries(world: &World) -> Bulk {
    crate::report::say("audit entries");
    let conn = &mut world.conn();
    sql::run(conn, "CREATE TABLE IF NOT EXISTS bench_audit (LIKE audit_entry INCLUDING ALL)");
    let actor = Actor::program("Bench").from("192.0.2.1");
    let subject = Subject::new("group", 7, "Regulars");
    let after = serde_json::json!({ "name": "Regulars", "order": 7, "viewable": true });
    let begun = Instant::now();
    for _ in 0..ENTRIES {
        let change = Change { action: "group changed", before: None, after: Some(after.clone()) };
        conn.transaction(|conn| audit::append(conn, &actor, chrono::Utc::now(), &subject, &change)).unwrap();
    }
    let seconds = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    for id in 0..ENTRIES {
        let insert = format!(
            "INSERT INTO bench_audit (id, at, actor, action, subject_kind, subject_id, subject_name, after, hash, address)
             VALUES ({id}, now(), 'Bench', 'group changed', 'group', '7', 'Regulars', '{after}', sha256('x'), '192.0.2.1')"
        );
        conn.transaction(|conn| diesel::sql_query(insert).execute(conn)).unwrap();
    }
    let bare = begun.elapsed().as_secs_f64();
    sql::run(conn, "DROP TABLE bench_audit");
    Bulk { name: format!("{ENTRIES} audit entries"), seconds, bare, rows: ENTRIES }
}
