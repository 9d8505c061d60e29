//! `muster serve`, `worker`, `migrate`, `account`, `seed`.

mod account;
mod audit;
mod cli;
mod database;
mod demo;
mod greeting;
mod secret;
mod seed;
mod serve;

pub use cli::run;
