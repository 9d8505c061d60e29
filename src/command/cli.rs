//! What can be asked for at the command line.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use muster::config::{DatabaseArgs, ServeArgs, WorkerArgs};

use super::{account, audit, database, reseal, seed, serve};

/// What a command returns: a sentence for people when it fails.
pub type CommandResult = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// A self-hosted dashboard for loyalty and membership programmes.
///
/// Every flag can be given as an environment variable too, named in brackets.
#[derive(Parser)]
#[command(name = "muster", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    database: DatabaseArgs,

    /// Logs as one JSON object a line.
    #[arg(long, env = "MUSTER_LOG_JSON", global = true)]
    log_json: bool,

    /// What to log, as tracing's filter: info, debug, muster=debug,actix_web=warn.
    #[arg(long, env = "MUSTER_LOG", default_value = "info", global = true)]
    log: String,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the dashboard and the member app (and the worker, unless --no-worker).
    Serve(Box<ServeArgs>),
    /// Run only the worker: issues campaigns, sends messages, makes codes, keeps house. Any number may run.
    Worker(WorkerArgs),
    /// Bring the database to this version's tables, and end.
    Migrate,
    /// Manage dashboard users.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// Look after the audit log.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Change the key that seals stored secrets.
    #[command(subcommand)]
    Secret(reseal::SecretCommand),
    /// Fill an empty database with made-up members, groups and memberships, for trying and measuring.
    Seed(seed::SeedArgs),
}

/// Reads the command line, does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(&cli.log, cli.log_json);
    let outcome = match cli.command {
        Command::Serve(args) => serve::serve(&cli.database, &args),
        Command::Worker(args) => serve::worker(&cli.database, &args),
        Command::Migrate => database::open(&cli.database).map(|database| {
            println!("The database {} is up to date.", database.place());
            database.close();
        }),
        Command::Account(command) => account::run(&cli.database, command),
        Command::Audit(command) => audit::run(&cli.database, &command),
        Command::Secret(command) => reseal::run(&cli.database, &command),
        Command::Seed(args) => seed::run(&cli.database, &args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("muster: {error}");
            ExitCode::FAILURE
        }
    }
}

fn log_to_stderr(filter: &str, json: bool) {
    use tracing_subscriber::{EnvFilter, fmt};
    let builder = fmt().with_env_filter(EnvFilter::new(filter)).with_writer(std::io::stderr).with_target(false);
    if json { builder.json().init() } else { builder.init() }
}
