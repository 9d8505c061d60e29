//! `muster secret`: the key that seals stored secrets is changed.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use clap::Subcommand;
use diesel::{Connection, PgConnection};
use muster::audit::{self, Actor, Change, Subject};
use muster::clock::Clock;
use muster::config::DatabaseArgs;
use muster::sealed::{Keys, reseal};
use serde_json::json;

use super::cli::CommandResult;
use super::{database, secret};

/// What can be done with the key.
#[derive(Subcommand)]
pub enum SecretCommand {
    /// Make a new key. One that is kept in the data folder gets it in front, and the one before still opens; where
    /// MUSTER_SECRET_KEY is configured, it is printed, to be put in front there, with a comma between them. Restart all
    /// servers and workers, then reseal.
    NewKey,
    /// Seal all that is stored with the first key. May run beside servers that know it too, and be repeated.
    Reseal {
        /// Change nothing: say how many secrets each key has sealed.
        #[arg(long)]
        check: bool,
    },
}

/// Does it.
pub fn run(args: &DatabaseArgs, command: &SecretCommand) -> CommandResult {
    match command {
        SecretCommand::NewKey => new_key(args),
        SecretCommand::Reseal { check: true } => check(args),
        SecretCommand::Reseal { check: false } => seal_anew(args),
    }
}

fn new_key(args: &DatabaseArgs) -> CommandResult {
    let fresh = Keys::random_text();
    if args.secret_key.is_some() {
        println!("{fresh}");
        return Ok(());
    }
    let before = secret::kept_keys(args)?;
    replace(&secret::key_file(args), &format!("{fresh},{}", before.trim()))?;
    println!("A new key is in front in {}. Start Muster again, then run `muster secret reseal`.", args.data.display());
    Ok(())
}

/// Whole or not at all: half a key would open nothing.
fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("new");
    drop(fs::remove_file(&fresh));
    let mut written = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    fs::rename(&fresh, file)
}

fn check(args: &DatabaseArgs) -> CommandResult {
    let database = database::open(args)?;
    let keys = secret::keys(args)?;
    let counts = reseal::count(&mut PgConnection::establish(&database.app_url)?, &keys)?;
    for sealed in &counts {
        let whose = match sealed.place {
            Some(0) => "the first key".to_owned(),
            Some(place) => format!("key number {}", place + 1),
            None => "a key that is not configured".to_owned(),
        };
        let (table, column) = (sealed.column.table, sealed.column.column);
        println!("{table}.{column}: {} sealed with {}, {whose}", sealed.count, sealed.key);
    }
    let rest: i64 = counts.iter().filter(|sealed| sealed.place != Some(0)).map(|sealed| sealed.count).sum();
    match rest {
        0 => println!("All is sealed with the first key: the others are no longer needed."),
        n => println!("To be sealed anew: {n}."),
    }
    database.close();
    Ok(())
}

fn seal_anew(args: &DatabaseArgs) -> CommandResult {
    let database = database::open(args)?;
    let keys = secret::keys(args)?;
    let mut conn = PgConnection::establish(&database.app_url)?;
    let sum = reseal::all(&mut conn, &keys)?;
    let after = json!({ "sealed_anew": sum.done, "unreadable": sum.unreadable, "changed_meanwhile": sum.changed });
    let change = Change { action: "secrets sealed anew", before: None, after: Some(after) };
    let subject = Subject::new("setting", "secret-key", "Secret key");
    conn.transaction(|conn| {
        audit::append(conn, &Actor::program("command line"), Clock::system().now(), &subject, &change)
    })?;
    println!("Sealed anew: {}.", sum.done);
    database.close();
    if sum.changed > 0 {
        println!("A running server changed {} meanwhile: run it once more.", sum.changed);
    }
    match sum.unreadable {
        0 => Ok(()),
        n => Err(format!("{n} could not be opened with any configured key, and stay as they are").into()),
    }
}
