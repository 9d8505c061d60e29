//! Muster's own PostgreSQL: a private cluster, run as a child process, reached by a Unix socket only.

mod cluster;
mod error;
mod files;
mod initdb;
mod keeper;
mod leftover;
mod owner;
mod place;
mod programs;
mod server;
mod settings;
mod user;

pub use cluster::{Cluster, ClusterOptions};
pub use error::ClusterError;
