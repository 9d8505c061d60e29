//! The command line.

#![allow(clippy::print_stdout)]

mod command;

fn main() -> std::process::ExitCode {
    share_arenas();
    command::run()
}

/// The system's allocator gives each thread an arena of its own, which keeps what the thread once needed: two arenas for
/// all hold a server under load at half the memory (README, Why). What is large is given back at once: the 19 MB of a
/// password's hash would leave holes in the arenas, some MB for each sign-in.
fn share_arenas() {
    // SAFETY: sets two numbers, before there is a second thread.
    #[cfg(target_env = "gnu")]
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 2);
        libc::mallopt(libc::M_MMAP_THRESHOLD, 1 << 20);
    }
}
