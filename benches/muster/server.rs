use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::cookie::SECRET;
use crate::world::World;

/// The release server as a process of its own, on the benchmark's database.
pub struct Server {
    child: Child,
    address: SocketAddr,
    /// Held open, as what it says must have an end to go to.
    _told: BufReader<ChildStdout>,
}

/// The program, with no setting of this shell's.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command.env("MUSTER_LOG", "warn").env("MUSTER_SECRET", SECRET);
    command.stdout(Stdio::piped());
    command
}

impl Server {
    /// Without the worker, so that it does not take part.
    pub fn start(world: &World) -> Self {
        let mut command = program();
        command
            .args(["serve", "--no-worker", "--api-requests", "0", "--listen", "127.0.0.1:0", "--data"])
            .arg(world.folder.join("secret"));
        Self::greeted(command.env("DATABASE_URL", world.url()))
    }

    /// When it says where it listens, it does.
    pub fn greeted(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(told.read_line(&mut line).unwrap() > 0, "the server ended");
        }
        let address = line.trim().split_once("http://").unwrap().1.parse().unwrap();
        Self { child, address, _told: told }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SAFETY: our own child, which has not been waited for.
        unsafe { libc::kill(self.child.id().cast_signed(), libc::SIGTERM) };
        let _ = self.child.wait();
    }
}
