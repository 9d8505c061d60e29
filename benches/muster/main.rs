//! Speed and memory beside this machine's limits: the real server on a real, durable PostgreSQL, against what pgbench
//! does with the statements that the server sends.
//!
//!     make bench
//!     cargo bench --bench muster -- --members 100000 --rows "member page,find" --seconds 2
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

mod apps;
mod capture;
mod codes;
mod cookie;
mod http;
mod issuing;
mod load;
mod mail_sink;
mod memory;
mod options;
mod pgbench;
mod report;
mod rows;
mod scale;
mod sending;
mod server;
mod sign_in;
mod sql;
mod start_up;
mod tills;
mod world;

use clap::Parser;
use options::Options;

fn main() {
    // `cargo test --benches` builds it, but must not run it
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let options = Options::parse();
    let mut report = report::Report::begin(&options);
    for members in &options.members {
        report.add(scale::run(*members, &options));
    }
    report.print();
    report.write_json();
}
