//! Where a cluster lies, and its socket.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::error::ClusterError;
use super::files::make_private;
use super::user::RunAs;

/// The name of a socket's file, and what the system allows for its whole path.
const SOCKET_FILE: &str = "/.s.PGSQL.5432";
const SOCKET_PATH_MAX: usize = 103;

/// The folder that holds the cluster, its lock, its log and (if its path is short enough) its socket.
#[derive(Clone, Debug)]
pub struct Place {
    pub folder: PathBuf,
    pub user: RunAs,
}

impl Place {
    /// The data folder itself, or one under /var/lib when the server's user cannot walk to it.
    pub fn find(data: &Path) -> Result<Self, ClusterError> {
        let made = !data.exists();
        fs::create_dir_all(data).map_err(ClusterError::io("create", data))?;
        let data = data.canonicalize().map_err(ClusterError::io("find", data))?;
        let link = data.join("postgres");
        let folder = match fs::read_link(&link) {
            Ok(target) => target.parent().map_or_else(|| data.clone(), Path::to_owned),
            Err(_) => data.clone(),
        };
        let cluster = folder.join("postgres");
        let owner = fs::metadata(&cluster).ok().map(|found| (found.uid(), found.gid()));
        let user = RunAs::choose(owner)?;
        if owner.is_some_and(|(uid, _)| uid == 0) {
            return Err(ClusterError::OwnedByRoot(cluster));
        }
        if made && user.is_behind_sudo() {
            // So that the same person can start Muster without sudo the next time.
            user.give(&data).map_err(ClusterError::io("change the owner of", &data))?;
        }
        if folder != data || user.can_enter(&data) {
            return Self { folder, user }.checked();
        }
        if owner.is_some() {
            return Err(ClusterError::ClosedFolder { user: user.name, folder: data });
        }
        let place = Self { folder: elsewhere(&data), user };
        fs::create_dir_all(&place.folder).map_err(ClusterError::io("create", &place.folder))?;
        symlink(place.cluster(), &link).map_err(ClusterError::io("create the link", &link))?;
        tracing::warn!(
            data = %data.display(), place = %place.folder.display(), user = %place.user.name,
            "PostgreSQL's user may not enter the data folder, so the database lies elsewhere"
        );
        place.checked()
    }

    fn checked(self) -> Result<Self, ClusterError> {
        fs::create_dir_all(&self.folder).map_err(ClusterError::io("create", &self.folder))?;
        if self.user.can_enter(&self.folder) {
            Ok(self)
        } else {
            Err(ClusterError::ClosedFolder { user: self.user.name, folder: self.folder })
        }
    }

    pub fn cluster(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    pub fn lock(&self) -> PathBuf {
        self.folder.join("postgres.lock")
    }

    pub fn log(&self) -> PathBuf {
        self.folder.join("postgres.log")
    }

    /// The folder of the socket, made if it is missing: beside the cluster, or under /tmp where the path is too long.
    pub fn sockets(&self) -> Result<PathBuf, ClusterError> {
        let beside = self.folder.join("run");
        if beside.as_os_str().len() + SOCKET_FILE.len() <= SOCKET_PATH_MAX {
            make_private(&beside, &self.user)?;
            return Ok(beside);
        }
        let short = PathBuf::from(format!("/tmp/muster-{}", short_hash(&self.folder)));
        make_private(&short, &self.user)?;
        // Anyone can make a folder in /tmp: one that is not ours would let its owner listen in.
        let found = fs::symlink_metadata(&short).map_err(ClusterError::io("read", &short))?;
        if found.is_dir() && found.uid() == self.user.uid && found.mode() & 0o077 == 0 {
            Ok(short)
        } else {
            Err(ClusterError::SocketFolderTaken(short))
        }
    }
}

fn elsewhere(data: &Path) -> PathBuf {
    Path::new("/var/lib/muster").join(short_hash(data))
}

fn short_hash(path: &Path) -> String {
    let hash = Sha256::digest(path.as_os_str().as_bytes());
    hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
