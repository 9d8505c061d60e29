//! The database a command works on: a foreign server, or our own cluster for as long as the command runs.

use diesel::{Connection, PgConnection};
use muster::config::DatabaseArgs;
use muster::db::embedded::{Cluster, ClusterOptions};
use muster::db::migrate;

/// An open, migrated database; our own server ends with it.
pub struct Database {
    /// For `Db::open`.
    pub url: String,
    cluster: Option<Cluster>,
    place: String,
}

impl Database {
    /// Where the data lies, in words.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Stops our own server, if it is ours.
    pub fn close(self) {
        drop(self.cluster);
    }
}

/// Starts our own PostgreSQL where no other is configured, makes the database, migrates.
pub fn open(args: &DatabaseArgs) -> Result<Database, Box<dyn std::error::Error + Send + Sync>> {
    let database = match args.foreign_url() {
        Some(url) => Database { url, cluster: None, place: "at the configured address".into() },
        None => own(args)?,
    };
    let mut conn = PgConnection::establish(&database.url)?;
    migrate::run(&mut conn)?;
    Ok(database)
}

fn own(args: &DatabaseArgs) -> Result<Database, Box<dyn std::error::Error + Send + Sync>> {
    let cluster = Cluster::start(ClusterOptions::in_folder(&args.data))?;
    cluster.ensure_database("muster")?;
    let place = format!("in {}", cluster.place().display());
    Ok(Database { url: cluster.url("muster"), cluster: Some(cluster), place })
}
