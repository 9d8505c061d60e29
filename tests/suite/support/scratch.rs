use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const MEMORY: &str = "/dev/shm";
const MEMORY_NEEDED_KB: u64 = 2 << 20;
const PREFIX: &str = "muster-tests-";

/// A folder of this test program's, gone when it ends; in memory where there is room.
pub struct Scratch {
    pub folder: PathBuf,
    pub in_memory: bool,
}

static SCRATCH: OnceLock<Scratch> = OnceLock::new();

pub fn scratch() -> &'static Scratch {
    SCRATCH.get_or_init(|| {
        let in_memory = free_kb(Path::new(MEMORY)) > MEMORY_NEEDED_KB;
        let parent = if in_memory { PathBuf::from(MEMORY) } else { std::env::temp_dir() };
        remove_left_by_dead(&parent);
        let folder = parent.join(format!("{PREFIX}{}", std::process::id()));
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        // SAFETY: registers a function that takes nothing and does not unwind.
        unsafe { libc::atexit(remove) };
        Scratch { folder, in_memory }
    })
}

extern "C" fn remove() {
    if let Some(scratch) = SCRATCH.get() {
        let _ = fs::remove_dir_all(&scratch.folder);
    }
}

/// Folders of test programs that were killed.
fn remove_left_by_dead(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let pid = name.to_string_lossy().strip_prefix(PREFIX).and_then(|pid| pid.parse().ok());
        // SAFETY: signal 0 sends nothing.
        if pid.is_some_and(|pid| unsafe { libc::kill(pid, 0) } != 0) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn free_kb(folder: &Path) -> u64 {
    let output = Command::new("df").arg("-Pk").arg(folder).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let free = |text: String| text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok();
    text.ok().and_then(free).unwrap_or(0)
}
