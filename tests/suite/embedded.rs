//! Muster's own PostgreSQL: started, killed, left behind, asked for twice.

mod folder;
mod killed;

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use diesel::prelude::*;
use muster::db::embedded::{Cluster, ClusterError, ClusterOptions};

use self::folder::{Folder, lives, run};
use crate::support::TestDatabase;

#[test]
fn a_cluster_starts_from_nothing_and_again_and_leaves_no_process() {
    let folder = Folder::new("start");
    let cluster = folder.start();
    cluster.ensure_database("muster").unwrap();
    cluster.ensure_database("muster").unwrap();
    cluster.ensure_database("with \" and / in it").unwrap();
    PgConnection::establish(&cluster.url("with \" and / in it")).unwrap();
    run(&cluster, "CREATE TABLE kept AS SELECT 1");
    assert_eq!(cluster.place(), folder.0.canonicalize().unwrap());
    let pid = folder.server_pid();
    assert!(lives(pid));

    cluster.stop();
    assert!(!lives(pid));
    assert!(!folder.note().exists());

    let cluster = folder.start();
    assert_eq!(run(&cluster, "SELECT * FROM kept"), 1);
}

#[test]
fn only_its_own_user_can_reach_it() {
    let folder = Folder::new("private");
    let cluster = folder.start_durable();
    cluster.ensure_database("muster").unwrap();

    for private in ["postgres", "run"] {
        assert_eq!(fs::metadata(folder.0.join(private)).unwrap().mode() & 0o777, 0o700, "{private}");
    }
    assert_ne!(fs::metadata(folder.0.join("postgres")).unwrap().uid(), 0);
    run(&cluster, "DO $$ BEGIN ASSERT current_setting('listen_addresses') = ''; END $$");
    run(&cluster, "DO $$ BEGIN ASSERT current_setting('fsync') = 'on'; END $$");
    run(&cluster, "DO $$ BEGIN ASSERT current_setting('data_checksums') = 'on'; END $$");
    run(&cluster, "DO $$ BEGIN ASSERT current_setting('shared_buffers') = '16MB'; END $$");
}

#[test]
fn a_second_owner_is_refused_and_told_who_has_it() {
    let folder = Folder::used("second");
    let cluster = folder.start();
    let pid = folder.server_pid();

    let error = Cluster::start(folder.options()).unwrap_err();

    assert!(matches!(error, ClusterError::AlreadyRunning { .. }));
    let message = error.to_string();
    let expected = format!("Muster is already running on this folder (process {})", std::process::id());
    assert!(message.starts_with(&expected), "{message}");
    assert!(lives(pid), "the first one's server goes on");
    drop(cluster);
    folder.start();
}

#[test]
fn a_number_in_postmaster_pid_that_is_not_a_server_does_not_matter() {
    let folder = Folder::used("stale");
    folder.start().stop();
    let me = std::process::id();
    for stale in [format!("{me}\n"), "1\n".to_owned(), "4194000\n".to_owned(), "?\n".to_owned(), String::new()] {
        fs::write(folder.note(), &stale).unwrap();
        folder.start().stop();
    }
}

#[test]
fn what_an_unfinished_start_left_is_never_used() {
    let folder = Folder::new("unfinished");
    let left = folder.0.join("postgres.init-77");
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("PG_VERSION"), "15\n").unwrap();

    let _cluster = folder.start();

    assert!(!left.exists());
}

#[test]
fn a_cluster_of_another_version_is_not_opened() {
    let folder = Folder::new("version");
    let cluster = folder.0.join("postgres");
    fs::create_dir_all(&cluster).unwrap();
    fs::write(cluster.join("PG_VERSION"), "12\n").unwrap();
    let root = Cluster::start(folder.options()).unwrap_err();
    if matches!(root, ClusterError::OwnedByRoot(_)) {
        chown(&cluster, Some(65534), Some(65534)).unwrap();
    }

    let message = Cluster::start(folder.options()).unwrap_err().to_string();

    assert!(message.contains("was written by PostgreSQL 12, and only "), "{message}");
}

#[test]
fn a_setting_that_cannot_be_is_reported_with_the_log() {
    let folder = Folder::used("setting");
    let mut options = folder.options();
    options.settings = vec![("shared_buffers".to_owned(), "many".to_owned())];

    let message = Cluster::start(options).unwrap_err().to_string();

    assert!(message.contains("invalid value for parameter \"shared_buffers\""), "{message}");
}

#[test]
fn a_long_path_gets_a_short_socket() {
    let folder = Folder::new(&"long".repeat(30));
    let cluster = folder.start();
    cluster.ensure_database("muster").unwrap();
    assert_eq!(run(&cluster, "SELECT 1"), 1);
}

/// Root only: elsewhere the server runs as oneself, who can enter one's own folders.
#[test]
fn a_folder_that_postgres_may_not_enter_sends_the_cluster_elsewhere() {
    // SAFETY: takes nothing, cannot fail.
    let root = unsafe { libc::geteuid() } == 0;
    let closed = Folder::new("closed");
    fs::create_dir_all(closed.0.join("data")).unwrap();
    fs::set_permissions(&closed.0, fs::Permissions::from_mode(0o700)).unwrap();
    let data = closed.0.join("data");
    let start = || Cluster::start(ClusterOptions { data: data.clone(), ..closed.options() }).unwrap();

    let cluster = start();
    let place = cluster.place().to_owned();
    assert_eq!(place.starts_with("/var/lib/muster"), root, "{}", place.display());
    cluster.ensure_database("muster").unwrap();
    run(&cluster, "CREATE TABLE kept AS SELECT 1");
    drop(cluster);

    let cluster = start();
    assert_eq!(cluster.place(), place);
    assert_eq!(run(&cluster, "SELECT * FROM kept"), 1);
    drop(cluster);
    fs::remove_dir_all(place).unwrap();
}

#[test]
fn each_test_has_a_database_of_its_own() {
    let (one, other) = (TestDatabase::new(), TestDatabase::new());
    let create = "CREATE TABLE mine (id int)";
    for database in [&one, &other] {
        let mut conn = PgConnection::establish(&database.url).unwrap();
        diesel::sql_query(create).execute(&mut conn).unwrap();
    }
    assert_ne!(one.url, other.url);
}
