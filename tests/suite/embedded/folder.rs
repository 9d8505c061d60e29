use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use diesel::prelude::*;
use muster::db::embedded::{Cluster, ClusterOptions};

use crate::support::scratch;

/// A data folder that goes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = scratch().folder.join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// With a cluster that was used before: a copy, as making one takes a second.
    pub fn used(name: &str) -> Self {
        static SEED: OnceLock<Folder> = OnceLock::new();
        let seed = SEED.get_or_init(|| {
            let seed = Self::new("seed");
            seed.start().stop();
            seed
        });
        let folder = Self::new(name);
        let cluster = seed.0.join("postgres");
        let copied = Command::new("cp").arg("-a").arg(cluster).arg(&folder.0).status();
        assert!(copied.unwrap().success());
        folder
    }

    /// A small server that does not wait for the disk.
    pub fn options(&self) -> ClusterOptions {
        let settings = vec![("shared_buffers".to_owned(), "16MB".to_owned())];
        ClusterOptions { settings, durable: false, ..ClusterOptions::in_folder(&self.0) }
    }

    pub fn start(&self) -> Cluster {
        Cluster::start(self.options()).unwrap_or_else(|error| panic!("{error}"))
    }

    /// As production does.
    pub fn start_durable(&self) -> Cluster {
        let options = ClusterOptions { durable: true, ..self.options() };
        Cluster::start(options).unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn note(&self) -> PathBuf {
        self.0.join("postgres/postmaster.pid")
    }

    pub fn server_pid(&self) -> i32 {
        fs::read_to_string(self.note()).unwrap().lines().next().unwrap().parse().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn run(cluster: &Cluster, sql: &str) -> usize {
    let mut conn = PgConnection::establish(&cluster.url("muster")).unwrap();
    diesel::sql_query(sql).execute(&mut conn).unwrap()
}

/// Whether the process lives (one that waits to be reaped does not).
pub fn lives(pid: i32) -> bool {
    let about = Path::new("/proc").join(pid.to_string()).join("stat");
    let stat = fs::read_to_string(about).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with('Z'))
}
