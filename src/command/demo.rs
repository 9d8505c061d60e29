//! Demo data where they are asked for, and nowhere else.

use chrono::{DateTime, Utc};
use diesel::{Connection, PgConnection};
use muster::config::ServeArgs;
use muster::demo;

use super::cli::CommandResult;
use super::database::Database;

/// With `--demo` fills an empty database. On an address that others can reach, refuses sign-ins whose password
/// everyone knows.
pub fn prepare(database: &Database, serve: &ServeArgs, now: DateTime<Utc>) -> CommandResult {
    let mut conn = PgConnection::establish(&database.owner_url)?;
    if serve.demo {
        if demo::fill(&mut conn, now)? {
            tracing::info!("demo data were made");
        }
        return Ok(());
    }
    if serve.listen.ip().is_loopback() || !demo::is_there(&mut conn)? {
        return Ok(());
    }
    match demo::known_sign_ins(&mut conn)?.as_slice() {
        [] => Ok(()),
        known => Err(format!(
            "{} can sign in with the demo's password, which everyone knows, so {} is not served. Use another data \
             folder or database, or listen on 127.0.0.1",
            known.join(", "),
            serve.listen,
        )
        .into()),
    }
}
