use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::capture::Script;
use crate::world::World;

/// Transactions a second that pgbench reaches with these scripts, each as likely.
pub fn run(world: &World, scripts: &[Script], clients: usize, seconds: u64) -> f64 {
    let folder = world.folder.join("pgbench");
    fs::create_dir_all(&folder).unwrap();
    let mut command = Command::new(tool("pgbench"));
    command.args(["--no-vacuum", "--protocol=prepared", "--client", &clients.to_string()]);
    command.args(["--jobs", &clients.min(2).to_string(), "--time", &seconds.to_string()]);
    command.args(["-D", "i=0", "-D", &format!("clients={clients}")]);
    for (number, script) in scripts.iter().enumerate() {
        let file = folder.join(format!("{number}.sql"));
        fs::write(&file, script.text()).unwrap();
        command.arg("--file").arg(file);
    }
    let output = command.arg(world.url()).output().expect("pgbench");
    let (told, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !wrong.contains("aborted"), "pgbench: {told}{wrong}");
    let tps = told.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    tps.unwrap_or_else(|| panic!("pgbench: {told}{wrong}"))
}

/// Keeps the scripts, so that they can be read.
pub fn keep(name: &str, scripts: &[Script]) {
    let folder = Path::new("bench-out/sql");
    fs::create_dir_all(folder).unwrap();
    let name = name.replace([' ', ':', '\''], "-").replace("--", "-");
    if let Some(script) = scripts.first() {
        fs::write(folder.join(format!("{name}.sql")), script.text()).unwrap();
    }
}

/// A program of PostgreSQL's, in PATH or beside the newest server.
pub fn tool(name: &str) -> PathBuf {
    let mut folders: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let runs = |file: &PathBuf| file.metadata().is_ok_and(|found| found.permissions().mode() & 0o111 != 0);
    let found = folders.iter().rev().map(|folder| folder.join(name)).find(runs);
    found.expect("psql and pgbench, which come with PostgreSQL (Debian: the package postgresql)")
}
