//! The database a command works on: a foreign server, or our own cluster for as long as the command runs.

use diesel::{Connection, PgConnection};
use muster::config::DatabaseArgs;
use muster::db::embedded::{Cluster, ClusterOptions};
use muster::db::{migrate, role};

/// An open, migrated database; our own server ends with it.
pub struct Database {
    /// For `Db::open`: as the role that Muster works as.
    pub app_url: String,
    /// As the owner of the tables: for migrations, seeds and accounts made at the command line.
    pub owner_url: String,
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
        Some(app_url) => {
            let owner_url = args.owner_url.clone().unwrap_or_else(|| app_url.clone());
            Database { app_url, owner_url, cluster: None, place: "at the configured address".into() }
        }
        None => own(args)?,
    };
    migrate::run(&mut PgConnection::establish(&database.owner_url)?)?;
    if role::may_change_the_log(&mut PgConnection::establish(&database.app_url)?)? {
        tracing::warn!(
            "Muster works as a database user who could change the audit log: let --database-url be muster_app, and \
             --owner-url the owner (README, Operate it)"
        );
    }
    Ok(database)
}

fn own(args: &DatabaseArgs) -> Result<Database, Box<dyn std::error::Error + Send + Sync>> {
    let cluster = Cluster::start(ClusterOptions::in_folder(&args.data))?;
    cluster.ensure_database("muster")?;
    let place = format!("in {}", cluster.place().display());
    let (app_url, owner_url) = (cluster.app_url("muster"), cluster.url("muster"));
    Ok(Database { app_url, owner_url, cluster: Some(cluster), place })
}
