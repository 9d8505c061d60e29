//! `muster serve`, `worker`, `migrate`, `account`, `audit`, `secret`, `seed`.

mod account;
mod audit;
mod cli;
mod database;
mod demo;
mod greeting;
mod reseal;
mod secret;
mod seed;
mod serve;

pub use cli::run;
