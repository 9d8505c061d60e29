use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use diesel::prelude::*;
use muster::db::embedded::{Cluster, ClusterOptions};
use sha2::{Digest, Sha256};

use super::scratch;

/// A database of its own for one test, as the migrations leave it. All of them lie in one cluster, which the test
/// program starts when it first needs it and stops when it ends.
pub struct TestDatabase {
    /// To connect to it as the owner of its tables.
    pub url: String,
    /// To connect to it as Muster does.
    pub app_url: String,
    name: String,
}

/// The cluster of this test program.
struct Server {
    admin_url: String,
    /// The migrated database that tests get a copy of.
    template: String,
}

static SERVER: OnceLock<Server> = OnceLock::new();
/// Apart from the rest, so that it can be taken and stopped when the program ends.
static CLUSTER: Mutex<Option<Cluster>> = Mutex::new(None);

impl TestDatabase {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let server = SERVER.get_or_init(start);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        server.run(&format!("CREATE DATABASE {name} TEMPLATE {}", server.template));
        let url = server.url(&name);
        let app_url = url.replacen("//muster@", "//muster_app@", 1);
        Self { url, app_url, name }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // On a disk each drop waits for a checkpoint; there they go with the cluster.
        if scratch().in_memory
            && let Some(server) = SERVER.get()
            && let Ok(mut conn) = PgConnection::establish(&server.admin_url)
        {
            let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
            let _ = diesel::sql_query(drop).execute(&mut conn);
        }
    }
}

impl Server {
    fn url(&self, database: &str) -> String {
        let cluster = self.admin_url.strip_suffix("postgres").unwrap();
        format!("{cluster}{database}")
    }

    fn run(&self, sql: &str) {
        let mut conn = PgConnection::establish(&self.admin_url).expect("the test cluster");
        let done = diesel::sql_query(sql).execute(&mut conn);
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

fn start() -> Server {
    // Race tests open hundreds of connections; room for write-ahead log is short in memory.
    let settings = [
        ("max_connections", "400"),
        ("shared_buffers", "128MB"),
        ("wal_level", "minimal"),
        ("max_wal_senders", "0"),
        ("min_wal_size", "64MB"),
        ("max_wal_size", "256MB"),
        ("autovacuum", "off"),
    ];
    let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    let data = scratch().folder.join("cluster");
    let options = ClusterOptions { durable: false, settings, ..ClusterOptions::in_folder(data) };
    let cluster = Cluster::start(options).unwrap_or_else(|error| panic!("{error}"));
    let template = format!("muster_{}", migrations_hash());
    make_template(&cluster, &template);
    let admin_url = cluster.url("postgres");
    *CLUSTER.lock().unwrap() = Some(cluster);
    // SAFETY: registers a function that takes nothing and does not unwind. It runs before the one that was
    // registered earlier and removes the folder.
    unsafe { libc::atexit(stop) };
    Server { admin_url, template }
}

extern "C" fn stop() {
    drop(CLUSTER.lock().map(|mut cluster| cluster.take()));
}

fn make_template(cluster: &Cluster, name: &str) {
    cluster.ensure_database(name).unwrap();
    let mut conn = PgConnection::establish(&cluster.url(name)).unwrap();
    muster::db::migrate::run(&mut conn).unwrap();
    drop(conn);
    // A single connection left open to it would hold up every copy.
    let mut conn = PgConnection::establish(&cluster.url("postgres")).unwrap();
    let close = format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false");
    diesel::sql_query(close).execute(&mut conn).unwrap();
}

fn migrations_hash() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut files: Vec<PathBuf> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path().join("up.sql")).collect();
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(fs::read(&file).unwrap_or_default());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}
