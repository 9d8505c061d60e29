//! The API tests' Python (scripts/setup.sh test).

use std::path::PathBuf;
use std::process::Command;

/// A program of theirs.
pub fn tool(name: &str) -> Command {
    let bin = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(".api-tools/bin");
    let program = bin.join(name);
    assert!(program.exists(), "{} is missing: run scripts/setup.sh test", program.display());
    let mut command = Command::new(program);
    // what it starts (a formatter) is looked for beside it
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{}:{path}", bin.display()));
    command
}

/// Runs it; what it said, if it failed.
pub fn run(command: &mut Command) -> String {
    let done = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{command:?}\n{said}");
    said
}
