use std::fs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

/// Resident memory of the server, in bytes: the highest seen.
#[derive(Default)]
pub struct Memory {
    pub idle: u64,
    pub under_load: u64,
    pub issuing: u64,
    /// A worker of its own, issuing and sending.
    pub worker: u64,
}

impl Memory {
    /// Looks while the work is done.
    pub fn watching<T>(&mut self, pid: u32, work: impl FnOnce() -> T) -> T {
        let (outcome, most) = watch(pid, work);
        self.under_load = self.under_load.max(most);
        outcome
    }
}

/// The most that a process held while the work was done.
pub fn watch<T>(pid: u32, work: impl FnOnce() -> T) -> (T, u64) {
    let (stop, most) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                most.fetch_max(resident(pid), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(50));
            }
        });
        let outcome = work();
        stop.store(true, Ordering::Relaxed);
        (outcome, most.load(Ordering::Relaxed))
    })
}

/// VmRSS of a process.
pub fn resident(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()).unwrap_or(0) * 1024
}
