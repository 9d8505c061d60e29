//! Flags and environment become one checked `Config`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::accounts::HashCost;
use crate::deliveries::worker::Patience;
use crate::openid::{OpenIdArgs, OpenIdConfig};
use crate::web::limits::BodyPatience;
use crate::webhooks::Target;

/// Where the database is: shared by all commands.
#[derive(Args, Debug, Clone)]
pub struct DatabaseArgs {
    /// A PostgreSQL to use, as postgresql://user:password@host/database; without it Muster runs its own in the data folder.
    /// DATABASE_URL is read too.
    #[arg(long, env = "MUSTER_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,

    /// The same database as the owner of its tables, as whom migrations run; without it they run as the user of
    /// --database-url. Let Muster itself work as muster_app, who cannot change the audit log.
    #[arg(long, env = "MUSTER_OWNER_URL", hide_env_values = true, global = true)]
    pub owner_url: Option<String>,

    /// Folder for Muster's own PostgreSQL and its secret.
    #[arg(long, env = "MUSTER_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,

    /// Key (32 bytes in base64) that seals stored secrets, as the passwords of mail servers; all servers and workers of one
    /// database need the same. Several with commas between them: the first seals, the others still open. Without it one is
    /// made and kept in the data folder.
    #[arg(long, env = "MUSTER_SECRET_KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<String>,
}

impl DatabaseArgs {
    /// The address of a foreign PostgreSQL, if one is configured.
    pub fn foreign_url(&self) -> Option<String> {
        self.database_url.clone().or_else(|| std::env::var("DATABASE_URL").ok()).filter(|url| !url.is_empty())
    }
}

/// How the worker is run, in a process of its own or beside the web server.
#[derive(Args, Debug, Clone)]
pub struct WorkerArgs {
    /// Seconds, over a channel's own timeout, after which a message counts as uncertain whose worker has died while handing
    /// it over.
    #[arg(long, env = "MUSTER_UNCERTAIN_AFTER", default_value_t = 60, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub uncertain_after: u32,

    /// Webhooks may lead to private networks and to this machine, and by http: for trials, or for receivers beside Muster.
    #[arg(long, env = "MUSTER_WEBHOOKS_PRIVATE_NETWORK")]
    pub webhooks_private_network: bool,
}

impl WorkerArgs {
    /// Where webhooks may lead.
    pub fn webhooks(&self) -> Target {
        Target { private_network: self.webhooks_private_network, ..Target::default() }
    }

    /// For the worker.
    pub fn patience(&self) -> Patience {
        Patience(chrono::Duration::seconds(self.uncertain_after.into()))
    }
}

/// How the web server is run.
#[derive(Args, Debug, Clone)]
pub struct ServeArgs {
    /// Address and port to listen on.
    #[arg(long, env = "MUSTER_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address people use, as https://loyalty.example.com; with https, cookies are sent over https only.
    #[arg(long, env = "MUSTER_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Fill an empty database with demo data and demo sign-ins; on a loopback address only.
    #[arg(long, env = "MUSTER_DEMO")]
    pub demo: bool,

    /// Do not run the worker in this process (run `muster worker` elsewhere).
    #[arg(long, env = "MUSTER_NO_WORKER")]
    pub no_worker: bool,

    /// How many proxies stand in front, each adding the address it saw to X-Forwarded-For; 0: none, the header is not
    /// believed.
    #[arg(long, env = "MUSTER_TRUSTED_HOPS", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=16))]
    pub trusted_hops: u8,

    #[command(flatten)]
    pub worker: WorkerArgs,

    /// Database connections for each of reading and writing.
    #[arg(long, env = "MUSTER_CONNECTIONS", default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=100))]
    pub connections: u32,

    /// Web server threads; none: one for each processor.
    #[arg(long, env = "MUSTER_THREADS", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,

    /// Secret (at least 32 characters) that signs cookies and form tokens; all servers of one database need the same.
    /// Without it one is made and kept in the data folder.
    #[arg(long, env = "MUSTER_SECRET", hide_env_values = true)]
    pub secret: Option<String>,

    /// Requests that one API key may make in a minute at this server; a member's app, or an address without a key, a tenth
    /// of it. 0: any number.
    #[arg(long, env = "MUSTER_API_REQUESTS", default_value_t = 6000)]
    pub api_requests: u32,

    #[command(flatten)]
    pub hash_cost: HashCost,

    #[command(flatten)]
    pub openid: OpenIdArgs,
}

/// Configuration that makes no sense; the sentence says what to change.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// What a running web server is told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where links in messages lead, without a slash at the end.
    pub public_url: String,
    /// How many entries at the end of X-Forwarded-For our own proxies wrote; 0: the header is not believed.
    pub trusted_hops: usize,
    /// Database connections for each of reading and writing.
    pub connections: u32,
    /// Web server threads.
    pub threads: usize,
    /// Signs cookies and form tokens.
    pub secret: Vec<u8>,
    /// Requests of one API key in a minute; 0: any number.
    pub api_requests: u32,
    /// What the hash of a password costs.
    pub hash_cost: HashCost,
    /// Where webhooks may lead.
    pub webhooks: Target,
    /// By which provider dashboard users may sign in too.
    pub openid: Option<OpenIdConfig>,
    /// How long a request's body may take.
    pub patience: BodyPatience,
}

impl Config {
    /// Checks what was given; refuses what would be unsafe or could not work.
    pub fn from_args(args: &ServeArgs, secret: Vec<u8>) -> Result<Self, ConfigError> {
        if args.demo && !args.listen.ip().is_loopback() {
            return Err(ConfigError(format!(
                "--demo makes sign-ins with a known password, so it runs on a loopback address only, not on {}. Use --listen 127.0.0.1:8080, or leave --demo out.",
                args.listen
            )));
        }
        if secret.len() < 32 {
            return Err(ConfigError("MUSTER_SECRET is too short: use at least 32 characters.".into()));
        }
        let public_url = args.public_url.clone().unwrap_or_else(|| format!("http://{}", args.listen));
        if !(public_url.starts_with("https://") || public_url.starts_with("http://")) {
            return Err(ConfigError("--public-url must begin with https:// or http://".into()));
        }
        let public_url = public_url.trim_end_matches('/').to_owned();
        Ok(Self {
            openid: args.openid.config(&public_url)?,
            public_url,
            trusted_hops: args.trusted_hops.into(),
            connections: args.connections,
            threads: args.threads.map_or_else(processors, usize::from),
            secret,
            api_requests: args.api_requests,
            hash_cost: args.hash_cost,
            webhooks: Target {
                // what is tried out at home leads home
                private_network: args.worker.webhooks_private_network || args.demo,
                ..Target::default()
            },
            patience: BodyPatience::default(),
        })
    }

    /// Whether people come by https, so that cookies may insist on it.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}
