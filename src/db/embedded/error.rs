use std::io;
use std::path::{Path, PathBuf};

/// Why Muster's own PostgreSQL does not run, told to the person who starts Muster.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    #[error(
        "PostgreSQL's server programs (initdb and postgres, {} or newer) were not found. Install the package \
         `postgresql` (Debian, Ubuntu), `postgresql-server` (Fedora) or `postgresql` by Homebrew, \
         or set DATABASE_URL to use a server that runs already",
        super::programs::OLDEST
    )]
    ProgramsMissing,

    #[error("{0} holds no initdb and postgres (13 or newer) that can be run")]
    ProgramsNotIn(PathBuf),

    #[error(
        "the data in {data} was written by PostgreSQL {wanted}, and only {found} is installed. Install PostgreSQL \
         {wanted} beside it (Debian, Ubuntu: the package `postgresql-{wanted}`), or move the data with pg_dump"
    )]
    OtherVersion { data: PathBuf, wanted: u32, found: String },

    #[error("Muster is already running on this folder (process {pid}): {folder}. Stop it first, or use another folder")]
    AlreadyRunning { pid: String, folder: PathBuf },

    #[error("a PostgreSQL (process {pid}) still works on {data} and does not end. Stop it: kill -INT {pid}")]
    ServerLeft { pid: i32, data: PathBuf },

    #[error(
        "{0} belongs to root, and PostgreSQL refuses to run as root. Give it to the user it shall run as: \
         chown -R postgres {0}"
    )]
    OwnedByRoot(PathBuf),

    #[error(
        "PostgreSQL refuses to run as root, and neither a user `postgres` nor `nobody` exists. Create one: useradd --system postgres"
    )]
    NobodyToRunAs,

    #[error("PostgreSQL runs as {user}, who may not enter {folder}. Open the folders above it (chmod a+x), or move it")]
    ClosedFolder { user: String, folder: PathBuf },

    #[error("{0} is not a private folder of Muster's. Remove it, or move Muster's data folder to a shorter path")]
    SocketFolderTaken(PathBuf),

    #[error("initdb could not make a cluster in {folder}:\n{output}")]
    Initdb { folder: PathBuf, output: String },

    #[error("PostgreSQL did not start ({why}). Its log, {log}, ends with:\n{tail}")]
    NotStarted { why: String, log: PathBuf, tail: String },

    #[error("could not {action} {path}: {source}")]
    Io { action: &'static str, path: PathBuf, source: io::Error },

    #[error("could not connect to Muster's own PostgreSQL: {0}")]
    Connect(#[from] diesel::ConnectionError),

    #[error("could not create the database: {0}")]
    Database(#[from] diesel::result::Error),
}

impl ClusterError {
    /// For `map_err`: what was tried, and on which path.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
