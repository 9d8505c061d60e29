//! Makes a cluster.

use std::fs::{self, File};
use std::process::Command;

use super::error::ClusterError;
use super::files::make_private;
use super::place::Place;
use super::programs::Programs;
use super::server::{clean_environment, end_with_parent};

const UNFINISHED: &str = "postgres.init-";

/// The owner of all tables, as which migrations run. There is no password: who can reach the socket is let in.
pub const ROLE: &str = "muster";

/// Makes the cluster if it is missing: under another name first, so that a half-made one is never used.
pub fn create_if_missing(programs: &Programs, place: &Place, durable: bool) -> Result<(), ClusterError> {
    remove_unfinished(place)?;
    if place.cluster().join("PG_VERSION").exists() {
        return Ok(());
    }
    let unfinished = place.folder.join(format!("{UNFINISHED}{}", std::process::id()));
    make_private(&unfinished, &place.user)?;
    let locale = if cfg!(target_os = "macos") { "C" } else { "C.UTF-8" };
    let mut command = Command::new(programs.initdb());
    command.arg("-D").arg(&unfinished).args(["-U", ROLE, "--auth=trust", "--encoding=UTF8", "--data-checksums"]);
    command.arg(format!("--locale={locale}")).current_dir(&unfinished);
    if !durable {
        command.arg("--no-sync");
    }
    clean_environment(&mut command);
    place.user.apply(&mut command);
    end_with_parent(&mut command, libc::SIGTERM);
    let output = command.output().map_err(ClusterError::io("run", &programs.initdb()))?;
    if !output.status.success() {
        remove_unfinished(place)?;
        let output = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(ClusterError::Initdb { folder: place.folder.clone(), output });
    }
    fs::rename(&unfinished, place.cluster()).map_err(ClusterError::io("rename", &unfinished))?;
    let folder = File::open(&place.folder).and_then(|folder| folder.sync_all());
    folder.map_err(ClusterError::io("sync", &place.folder))
}

/// What a start that was cut short left; the caller owns the place.
fn remove_unfinished(place: &Place) -> Result<(), ClusterError> {
    let entries = fs::read_dir(&place.folder).map_err(ClusterError::io("read", &place.folder))?;
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            fs::remove_dir_all(entry.path()).map_err(ClusterError::io("remove", &entry.path()))?;
        }
    }
    Ok(())
}
