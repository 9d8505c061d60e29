//! `muster audit`.

use clap::Subcommand;
use diesel::{Connection, PgConnection};
use muster::audit;
use muster::config::DatabaseArgs;
use muster::web::number::grouped;

use super::cli::CommandResult;
use super::database;

/// What can be done with the audit log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Recompute the chain: fails at the first entry that was changed, removed or put elsewhere.
    Verify {
        /// An entry's number and link, as ENTRY:LINK, noted earlier: fails if the stored link is another.
        #[arg(long)]
        expect: Option<String>,
    },
}

/// Does it.
pub fn run(args: &DatabaseArgs, command: &AuditCommand) -> CommandResult {
    let AuditCommand::Verify { expect } = command;
    let database = database::open(args)?;
    let mut conn = PgConnection::establish(&database.app_url)?;
    if let Some(id) = audit::first_broken_entry(&mut conn)? {
        return Err(format!("the audit log was tampered with: entry {id} is the first that does not fit").into());
    }
    if let Some(expected) = expect {
        let (entry, link) = expected.split_once(':').ok_or("--expect takes ENTRY:LINK, as verify prints it")?;
        let stored = audit::link(&mut conn, entry.trim().parse()?)?;
        if stored.as_deref() != Some(&*link.trim().to_lowercase()) {
            return Err(
                format!("the audit log was rewritten: entry {entry} has another link than the noted one").into()
            );
        }
    }
    let head = audit::head(&mut conn)?;
    println!("The audit log is whole: {} entries.", grouped(&head.last_id.to_string()));
    println!("Note the last link elsewhere: {}:{}", head.last_id, head.hash());
    database.close();
    Ok(())
}
