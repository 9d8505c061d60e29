//! One Muster per cluster: an exclusive lock, freed by the system however the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::error::ClusterError;

/// A server that is being replaced may need a moment to let go.
const PATIENCE: Duration = Duration::from_secs(1);

/// Held as long as Muster uses the cluster.
#[derive(Debug)]
pub struct Owner {
    _lock: File,
}

impl Owner {
    /// Takes the cluster for this process, or says who has it. The file stays when the lock goes: removing it would
    /// let two processes hold locks on two files of the same name.
    pub fn claim(path: &Path) -> Result<Self, ClusterError> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(ClusterError::io("open the lock file", path))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => sleep(Duration::from_millis(50)),
                Err(TryLockError::WouldBlock) => return Err(taken(&mut file, path)),
                Err(TryLockError::Error(error)) => {
                    return Err(ClusterError::io("lock", path)(error));
                }
            }
        }
        write_pid(&mut file).map_err(ClusterError::io("write", path))?;
        Ok(Self { _lock: file })
    }
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn taken(file: &mut File, path: &Path) -> ClusterError {
    let mut pid = String::new();
    let known = file.read_to_string(&mut pid).is_ok() && !pid.trim().is_empty();
    let pid = if known { pid.trim().to_owned() } else { "unknown".to_owned() };
    ClusterError::AlreadyRunning { pid, folder: path.parent().unwrap_or(path).to_owned() }
}
