//! Folders made the way a cluster needs them.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::error::ClusterError;
use super::user::RunAs;

/// A folder that only the server's user can enter; its parents keep the usual mode, or nobody could walk to it.
pub fn make_private(folder: &Path, user: &RunAs) -> Result<(), ClusterError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => user.give(folder).map_err(ClusterError::io("change the owner of", folder)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(ClusterError::io("create", folder)(error)),
    }
}

/// Removes a file that may be gone already.
pub fn remove_if_there(file: &Path) -> Result<(), ClusterError> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ClusterError::io("remove", file)(error)),
        _ => Ok(()),
    }
}

/// The last lines of a text, from a byte on.
pub fn tail(file: &Path, from: u64) -> String {
    let bytes = fs::read(file).unwrap_or_default();
    let new = bytes.get(usize::try_from(from).unwrap_or(0)..).unwrap_or_default();
    let text = String::from_utf8_lossy(new);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}
