use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::error::ClusterError;
use super::initdb::{ROLE, create_if_missing};
use super::keeper::Keeper;
use super::owner::Owner;
use super::place::Place;
use super::programs::Programs;
use super::server::Launch;
use super::settings;
use crate::db::APP_ROLE;

/// How a cluster is run.
#[derive(Clone, Debug)]
pub struct ClusterOptions {
    /// Muster's data folder; the cluster lies in `postgres` inside it.
    pub data: PathBuf,
    /// False turns off whatever waits for the disk: for tests, on memory.
    pub durable: bool,
    /// Further settings of the server, by name; they go before Muster's own.
    pub settings: Vec<(String, String)>,
    /// The folder of `initdb` and `postgres`; found when not given.
    pub programs: Option<PathBuf>,
}

impl ClusterOptions {
    /// A durable cluster in a data folder, as production runs it.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), durable: true, settings: Vec::new(), programs: None }
    }
}

/// Muster's own PostgreSQL, running. Dropping it stops the server and waits; if the whole process is killed, the
/// system stops the server.
#[derive(Debug)]
pub struct Cluster {
    // Fields drop in this order: the server ends before the folder is given free.
    keeper: Keeper,
    _owner: Owner,
    place: PathBuf,
    sockets: PathBuf,
}

impl Cluster {
    /// Starts the cluster of a data folder, making it first if it is missing, and returns when it can be used.
    pub fn start(options: ClusterOptions) -> Result<Self, ClusterError> {
        let place = Place::find(&options.data)?;
        let owner = Owner::claim(&place.lock())?;
        if place.user.is_behind_sudo() {
            place.user.give(&place.lock()).map_err(ClusterError::io("change the owner of", &place.lock()))?;
        }
        let programs = Programs::find(options.programs.as_deref(), &place.cluster(), &place.user)?;
        create_if_missing(&programs, &place, options.durable)?;
        let sockets = place.sockets()?;
        let arguments = settings::arguments(&sockets, options.durable, &options.settings);
        let folder = place.folder.clone();
        tracing::debug!(version = programs.major, user = %place.user.name, place = %folder.display(), "starting PostgreSQL");
        let keeper = Keeper::start(Launch { programs, place, sockets: sockets.clone(), arguments })?;
        Ok(Self { keeper, _owner: owner, place: folder, sockets })
    }

    /// Whether the cluster of a data folder is nobody's at the moment; else who has it.
    pub fn check_free(data: &Path) -> Result<(), ClusterError> {
        Owner::claim(&Place::find(data)?.lock()).map(drop)
    }

    /// The folder that holds the cluster: the data folder, or one under /var/lib when PostgreSQL's user cannot
    /// walk to that.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The connection URL of a database in the cluster, as the owner of its tables.
    pub fn url(&self, database: &str) -> String {
        self.url_of(ROLE, database)
    }

    /// The same as the role that Muster works as: it cannot change the audit log.
    pub fn app_url(&self, database: &str) -> String {
        self.url_of(APP_ROLE, database)
    }

    fn url_of(&self, role: &str, database: &str) -> String {
        let host = percent_encoded(self.sockets.as_os_str().as_bytes());
        format!("postgresql://{role}@{host}:5432/{}", percent_encoded(database.as_bytes()))
    }

    /// Creates the database if it is missing.
    pub fn ensure_database(&self, name: &str) -> Result<(), ClusterError> {
        let mut conn = PgConnection::establish(&self.url("postgres"))?;
        let there = diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1")
            .bind::<Text, _>(name)
            .execute(&mut conn)?;
        if there == 0 {
            let quoted = name.replace('"', "\"\"");
            diesel::sql_query(format!("CREATE DATABASE \"{quoted}\"")).execute(&mut conn)?;
        }
        Ok(())
    }

    /// Stops the server and returns when it is gone.
    pub fn stop(self) {
        drop(self.keeper);
    }
}

fn percent_encoded(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
            text.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_becomes_a_host_of_a_url() {
        assert_eq!(percent_encoded("/a b/ü%".as_bytes()), "%2Fa%20b%2F%C3%BC%25");
    }
}
