//! `muster serve`, `worker`, `migrate`, `account`, `seed`.

mod account;
mod cli;
mod database;
mod secret;
mod seed;
mod serve;

pub use cli::run;
