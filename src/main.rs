//! The command line.

#![allow(clippy::print_stdout)]

mod command;

fn main() -> std::process::ExitCode {
    command::run()
}

// keeps resident memory small and steady under load
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
