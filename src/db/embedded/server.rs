//! The server as a child process.

use std::fs::{self, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, io};

use super::error::ClusterError;
use super::files::tail;
use super::leftover;
use super::place::Place;
use super::programs::Programs;

/// Processes of a server that was killed may hold its memory for a moment.
const OLD_MEMORY: Duration = Duration::from_secs(10);
const LOG_MAX: u64 = 16 << 20;

/// All that is needed to start the server, again and again.
#[derive(Debug)]
pub struct Launch {
    pub programs: Programs,
    pub place: Place,
    pub sockets: PathBuf,
    pub arguments: Vec<String>,
}

/// A server that accepts connections. It ends when the thread that launched it does.
#[derive(Debug)]
pub struct Server {
    child: Child,
}

impl Launch {
    /// Starts the server and waits until it accepts connections.
    pub fn run(&self) -> Result<Server, ClusterError> {
        let since = Instant::now();
        loop {
            match self.once() {
                Err(ClusterError::NotStarted { tail, .. })
                    if tail.contains("shared memory block") && since.elapsed() < OLD_MEMORY =>
                {
                    sleep(Duration::from_millis(100));
                }
                other => return other,
            }
        }
    }

    fn once(&self) -> Result<Server, ClusterError> {
        let cluster = self.place.cluster();
        leftover::clear(&cluster, &self.sockets)?;
        let path = self.place.log();
        keep_short(&path);
        let log = OpenOptions::new().append(true).create(true).open(&path);
        let log = log.map_err(ClusterError::io("open", &path))?;
        let start = log.metadata().map_or(0, |found| found.len());
        let error_log = log.try_clone().map_err(ClusterError::io("open", &path))?;

        let mut command = Command::new(self.programs.postgres());
        command.arg("-D").arg(&cluster).args(&self.arguments).current_dir(&cluster);
        command.stdin(Stdio::null()).stdout(log).stderr(error_log);
        // Its own group, so that Ctrl-C reaches Muster, which ends the server when its own work is done.
        command.process_group(0);
        clean_environment(&mut command);
        self.place.user.apply(&mut command);
        end_with_parent(&mut command, libc::SIGINT);
        let child = command.spawn().map_err(ClusterError::io("run", &self.programs.postgres()))?;
        let mut server = Server { child };
        match server.wait_until_ready(&cluster) {
            None => Ok(server),
            Some(why) => Err(ClusterError::NotStarted { why, tail: tail(&path, start), log: path }),
        }
    }
}

impl Server {
    /// Ready when `postmaster.pid` says so; recovery after a crash takes as long as it takes. Else why it ended.
    fn wait_until_ready(&mut self, cluster: &Path) -> Option<String> {
        let note = cluster.join("postmaster.pid");
        let mut told = Instant::now();
        loop {
            if let Some(status) = self.ended() {
                return Some(status.to_string());
            }
            let text = fs::read_to_string(&note).unwrap_or_default();
            let mut lines = text.lines();
            let ours = lines.next().is_some_and(|pid| pid.trim() == self.child.id().to_string());
            if ours && lines.nth(6).is_some_and(|state| state.trim() == "ready") {
                return None;
            }
            if told.elapsed() > Duration::from_secs(10) {
                told = Instant::now();
                tracing::info!("PostgreSQL is still starting (it recovers what was being written when it stopped)");
            }
            sleep(Duration::from_millis(5));
        }
    }

    /// How the server ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Stops it in good order, and more rudely the longer it takes.
    pub fn stop(mut self) {
        for (signal, seconds) in [(libc::SIGINT, 20), (libc::SIGQUIT, 5), (libc::SIGKILL, 5)] {
            if let Ok(pid) = i32::try_from(self.child.id()) {
                // SAFETY: sends a signal to our own child, whose number cannot be another's before it is waited for.
                unsafe { libc::kill(pid, signal) };
            }
            let since = Instant::now();
            while since.elapsed() < Duration::from_secs(seconds) {
                if self.ended().is_some() {
                    return;
                }
                sleep(Duration::from_millis(5));
            }
            tracing::warn!(signal, "PostgreSQL did not end in time");
        }
    }
}

/// One earlier log is kept beside a new one.
fn keep_short(log: &Path) {
    if fs::metadata(log).is_ok_and(|found| found.len() > LOG_MAX) {
        let _ = fs::rename(log, log.with_extension("log.old"));
    }
}

/// What is meant for clients (PGDATA, PGPORT, …) must not reach the server; messages come in English.
pub fn clean_environment(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command.env("LC_ALL", "C");
}

/// Has the system signal the child when the thread that started it ends, however it ends.
#[cfg(target_os = "linux")]
pub fn end_with_parent(command: &mut Command, signal: i32) {
    let parent = std::process::id();
    let ask = move || {
        // SAFETY: two plain system calls, allowed between fork and exec. The user has been changed before this
        // runs; changing it later would take the request back.
        let (asked, now) = unsafe { (libc::prctl(libc::PR_SET_PDEATHSIG, signal), libc::getppid()) };
        if asked != 0 {
            return Err(io::Error::last_os_error());
        }
        // The parent may have ended before the request was made.
        if u32::try_from(now) == Ok(parent) { Ok(()) } else { Err(io::ErrorKind::BrokenPipe.into()) }
    };
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe { command.pre_exec(ask) };
}

/// Other systems have no such request; a server left behind is stopped by the next start.
#[cfg(not(target_os = "linux"))]
pub fn end_with_parent(_: &mut Command, _: i32) {}
