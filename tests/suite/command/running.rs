use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::support::scratch;

/// A data folder of a test's own.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        Self(scratch().folder.join(format!("command-{name}")))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn name(&self) -> &str {
        self.0.to_str().unwrap()
    }

    /// The PostgreSQL that serves it.
    pub fn postgres(&self) -> i32 {
        let note = fs::read_to_string(self.0.join("postgres/postmaster.pid")).unwrap();
        note.lines().next().unwrap().trim().parse().unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process that has greeted.
pub struct Running {
    child: Child,
    pub greeting: String,
}

impl Running {
    pub fn start(command: &mut Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut running = Self { child, greeting: String::new() };
        let lines = BufReader::new(running.child.stdout.take().unwrap()).lines();
        for line in lines.map(Result::unwrap) {
            running.greeting.push_str(&line);
            running.greeting.push('\n');
            if line.contains("Ctrl-C") || line.contains("The worker runs") {
                return running;
            }
        }
        let mut why = String::new();
        running.child.stderr.take().unwrap().read_to_string(&mut why).unwrap();
        panic!("it ended: {why}");
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where it says it listens.
    pub fn address(&self) -> String {
        let line = self.greeting.lines().find(|line| line.contains("Dashboard")).unwrap();
        line.split("http://").nth(1).unwrap().to_owned()
    }

    /// The status of an answer.
    pub fn get(&self, path: &str) -> u16 {
        ureq::get(format!("http://{}{path}", self.address())).call().unwrap().status().as_u16()
    }

    /// Sends a signal and waits for the end.
    pub fn stop(mut self, signal: i32) -> ExitStatus {
        // SAFETY: our own child, which has not been waited for.
        unsafe { libc::kill(self.child.id().cast_signed(), signal) };
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn lives(pid: i32) -> bool {
    // SAFETY: signal 0 sends nothing.
    unsafe { libc::kill(pid, 0) == 0 }
}
