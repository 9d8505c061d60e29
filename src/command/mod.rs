//! `muster serve`, `worker`, `migrate`, `account`, `seed`.

mod account;
mod cli;
mod database;
mod secret;
mod serve;

pub use cli::run;
