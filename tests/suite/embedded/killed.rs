//! What is left when processes are killed.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use muster::db::embedded::{Cluster, ClusterOptions};

use super::folder::{Folder, lives, run};

#[test]
fn a_server_that_is_killed_comes_back_with_all_that_was_committed() {
    let folder = Folder::used("killed");
    let cluster = folder.start_durable();
    cluster.ensure_database("muster").unwrap();
    run(&cluster, "CREATE TABLE kept AS SELECT 1");
    let pid = folder.server_pid();

    kill(pid);

    eventually("a new server", || PgConnection::establish(&cluster.url("muster")).is_ok());
    assert_ne!(folder.server_pid(), pid);
    assert_eq!(run(&cluster, "SELECT * FROM kept"), 1);
}

/// Not a test of itself: the process that the next test kills.
#[test]
fn process_to_be_killed() {
    let Some(data) = std::env::var_os("MUSTER_TEST_KILLED_DATA") else {
        return;
    };
    let _cluster = Cluster::start(ClusterOptions::in_folder(data)).unwrap();
    eprintln!("started");
    sleep(Duration::from_secs(600));
}

fn start_process_on(data: &Path) -> Child {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["embedded::killed::process_to_be_killed", "--exact", "--nocapture"])
        .env("MUSTER_TEST_KILLED_DATA", data)
        .env("PGPORT", "1")
        .env("PGDATA", "/nowhere")
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let told: Vec<String> = lines.map_while(Result::ok).take_while(|line| line != "started").collect();
    assert!(child.try_wait().unwrap().is_none(), "{told:?}");
    child
}

#[test]
fn a_muster_that_is_killed_takes_its_server_with_it() {
    let folder = Folder::used("app");
    let mut child = start_process_on(&folder.0);
    let pid = folder.server_pid();

    child.kill().unwrap();
    child.wait().unwrap();
    // At once, while the server is still ending.
    let cluster = folder.start();
    assert!(!lives(pid));
    cluster.ensure_database("muster").unwrap();
}

#[test]
fn muster_and_server_killed_together_come_back() {
    let folder = Folder::used("both");
    let mut child = start_process_on(&folder.0);
    let pid = folder.server_pid();

    kill(pid);
    child.kill().unwrap();
    child.wait().unwrap();

    folder.start().ensure_database("muster").unwrap();
}

fn kill(pid: i32) {
    // SAFETY: sends a signal to a process that this test started.
    assert_eq!(unsafe { libc::kill(pid, libc::SIGKILL) }, 0);
}

fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < Duration::from_secs(30), "{what}");
        sleep(Duration::from_millis(20));
    }
}
