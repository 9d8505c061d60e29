//! The command line.

#![allow(clippy::print_stdout)]

mod command;

fn main() -> std::process::ExitCode {
    share_arenas();
    command::run()
}

/// The system's allocator gives each thread an arena of its own, which keeps what the thread once needed: two arenas for
/// all hold a server under load at half the memory (README, Why).
fn share_arenas() {
    // SAFETY: sets a number, before there is a second thread.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
    }
}
