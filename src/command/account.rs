//! `muster account create`.

use std::io::Read;

use clap::Subcommand;
use diesel::{Connection, PgConnection};
use muster::accounts::password::Password;
use muster::accounts::{HashCost, NewAccount, Role};
use muster::audit::{self, Actor, Change, Subject};
use muster::clock::Clock;
use muster::config::DatabaseArgs;
use muster::members::email::Email;
use uuid::Uuid;

use super::cli::CommandResult;
use super::database;

/// What can be done with dashboard users.
#[derive(Subcommand)]
pub enum AccountCommand {
    /// Create a dashboard user; asks for the password unless --password-stdin.
    Create {
        /// Signs in with it.
        #[arg(long, env = "MUSTER_ACCOUNT_EMAIL")]
        email: String,
        /// What they may do.
        #[arg(long, env = "MUSTER_ACCOUNT_ROLE")]
        role: Role,
        /// As shown to colleagues; none: the part of the e-mail before the @.
        #[arg(long, env = "MUSTER_ACCOUNT_NAME")]
        name: Option<String>,
        /// Whether they see members' phone numbers and e-mail addresses; none: all but Marketers do. Admins always do.
        #[arg(long, env = "MUSTER_ACCOUNT_SEES_PERSONAL_DATA")]
        sees_personal_data: Option<bool>,
        /// Read the password from standard input.
        #[arg(long, env = "MUSTER_PASSWORD_STDIN")]
        password_stdin: bool,
        #[command(flatten)]
        hash_cost: HashCost,
    },
}

/// Does it.
pub fn run(args: &DatabaseArgs, command: AccountCommand) -> CommandResult {
    let AccountCommand::Create { email, role, name, sees_personal_data, password_stdin, hash_cost } = command;
    let email = Email::parse(&email)?;
    let typed = if password_stdin { read_stdin()? } else { rpassword::prompt_password("Password: ")? };
    let name = name.unwrap_or_else(|| email.as_str().split('@').next().unwrap_or_default().to_owned());
    let typed = Password::choose(&typed, &[email.as_str(), &name])?;
    let database = database::open(args)?;
    let mut conn = PgConnection::establish(&database.owner_url)?;
    let now = Clock::system().now();
    let account = NewAccount {
        id: Uuid::now_v7(),
        name,
        email: email.as_str().to_owned(),
        role: role.key().to_owned(),
        password_hash: hash_cost.hash(&typed)?,
        sees_personal_data: sees_personal_data.unwrap_or_else(|| role.sees_personal_data()),
        created_at: now,
    };
    let subject = Subject::new("account", account.id, account.email.clone());
    let after = serde_json::json!({ "name": account.name, "role": account.role });
    conn.transaction(|conn| {
        account.insert(conn)?;
        audit::append(
            conn,
            &Actor::program("command line"),
            now,
            &subject,
            &Change { action: "account created", before: None, after: Some(after) },
        )
    })
    .map_err(|error| match error {
        diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _) => {
            format!("there is a dashboard user {} already", subject.name)
        }
        other => other.to_string(),
    })?;
    println!("Created {} ({}).", subject.name, role.label());
    Ok(())
}

fn read_stdin() -> std::io::Result<String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
