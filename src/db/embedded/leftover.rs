//! What an earlier server may have left in the cluster: itself, or its `postmaster.pid`.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::ClusterError;
use super::files::remove_if_there;

/// A server whose Muster was killed is on its way out; it may have much to write first.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits for a server that still ends, and removes the notes of one that is gone. The caller owns both folders.
pub fn clear(cluster: &Path, sockets: &Path) -> Result<(), ClusterError> {
    clear_cluster(cluster)?;
    remove_if_there(&sockets.join(".s.PGSQL.5432.lock"))?;
    remove_if_there(&sockets.join(".s.PGSQL.5432"))
}

fn clear_cluster(cluster: &Path) -> Result<(), ClusterError> {
    let note = cluster.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&note) else {
        return Ok(());
    };
    let Some(pid) = text.lines().next().and_then(|line| line.trim().parse::<i32>().ok()).filter(|pid| *pid > 1) else {
        return remove_if_there(&note);
    };
    if !exists(pid) {
        // Left to the new server, which also checks that no process still holds the old one's shared memory.
        return Ok(());
    }
    if !serves(pid, cluster) {
        return remove_if_there(&note);
    }
    tracing::warn!(pid, "a PostgreSQL left by an earlier Muster is being stopped");
    // SAFETY: sends a signal; the process was just seen to be a server of this cluster.
    unsafe { libc::kill(pid, libc::SIGINT) };
    let since = Instant::now();
    while exists(pid) && serves(pid, cluster) {
        if since.elapsed() > PATIENCE {
            return Err(ClusterError::ServerLeft { pid, data: cluster.to_owned() });
        }
        sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn exists(pid: i32) -> bool {
    // SAFETY: signal 0 sends nothing.
    let gone = unsafe { libc::kill(pid, 0) } != 0;
    !gone || std::io::Error::last_os_error().raw_os_error() == Some(libc::EPERM)
}

/// Whether a living process is a server of this cluster, not a stranger that was given its number since. Where the
/// system does not tell, it is taken for one: better a refusal than two servers on one cluster.
fn serves(pid: i32, cluster: &Path) -> bool {
    let about = Path::new("/proc").join(pid.to_string());
    let Ok(stat) = fs::read_to_string(about.join("stat")) else {
        return !Path::new("/proc/self").exists();
    };
    let Some((name, state)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')')) else {
        return true;
    };
    let dead = state.trim_start().starts_with(['Z', 'X']);
    let postgres = name.starts_with("postgres");
    // Root in a container may not be allowed to ask for the folder; the name decides then.
    let elsewhere = fs::read_link(about.join("cwd")).is_ok_and(|folder| folder != cluster);
    postgres && !dead && !elsewhere
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_stranger_with_the_number_is_not_a_server() {
        let me = i32::try_from(std::process::id()).unwrap();
        assert!(exists(me));
        assert!(!serves(me, Path::new("/nowhere")));
    }
}
