//! Finds PostgreSQL's server programs on this machine.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use super::error::ClusterError;
use super::user::RunAs;

/// The oldest major version that Muster's SQL is written for.
pub const OLDEST: u32 = 13;

/// Where packages put the programs: a folder, how names in it begin, and what follows.
const USUAL: [(&str, &str, &str); 8] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr/lib", "postgresql", "bin"),
    ("/usr", "pgsql", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/usr/local", "pgsql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// `initdb` and `postgres` of one installation.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
    pub major: u32,
    minor: u32,
}

impl Programs {
    pub fn initdb(&self) -> PathBuf {
        self.folder.join("initdb")
    }

    pub fn postgres(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    /// The newest installation that `user` can run; for an existing cluster, of the version that wrote it.
    pub fn find(named: Option<&Path>, cluster: &Path, user: &RunAs) -> Result<Self, ClusterError> {
        let found: Vec<Self> = match named {
            Some(folder) => vec![look_in(folder, user).ok_or_else(|| ClusterError::ProgramsNotIn(folder.to_owned()))?],
            None => folders().iter().filter_map(|folder| look_in(folder, user)).collect(),
        };
        let wanted = fs::read_to_string(cluster.join("PG_VERSION")).ok().and_then(|text| text.trim().parse().ok());
        pick(&found, wanted).ok_or_else(|| match wanted {
            Some(wanted) if !found.is_empty() => {
                ClusterError::OtherVersion { data: cluster.to_owned(), wanted, found: majors(&found) }
            }
            _ => ClusterError::ProgramsMissing,
        })
    }
}

fn pick(found: &[Programs], wanted: Option<u32>) -> Option<Programs> {
    let fits = |one: &&Programs| wanted.is_none_or(|major| one.major == major);
    // Of equals the first one wins, so that PATH goes before the usual places.
    found.iter().rev().filter(fits).max_by_key(|one| (one.major, one.minor)).cloned()
}

fn majors(found: &[Programs]) -> String {
    let mut majors: Vec<u32> = found.iter().map(|one| one.major).collect();
    majors.sort_unstable();
    majors.dedup();
    majors.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// Every folder that may hold the programs, links followed: `initdb` looks for its files beside the real program.
fn folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders = Vec::new();
    for folder in env::split_paths(&path).chain(usual_folders()) {
        let Ok(program) = folder.join("postgres").canonicalize() else {
            continue;
        };
        let Some(real) = program.parent().map(Path::to_owned) else {
            continue;
        };
        if is_program(&real.join("initdb")) && is_program(&real.join("postgres")) && !folders.contains(&real) {
            folders.push(real);
        }
    }
    folders
}

fn usual_folders() -> impl Iterator<Item = PathBuf> {
    USUAL.into_iter().flat_map(|(parent, prefix, rest)| {
        let entries = fs::read_dir(parent).into_iter().flatten().flatten();
        entries
            .filter(move |entry| entry.file_name().to_string_lossy().starts_with(prefix))
            .map(move |entry| entry.path().join(rest))
    })
}

/// A program itself: a script that wraps one may change its arguments, its user or its process number.
fn is_program(file: &Path) -> bool {
    let mut start = [0; 2];
    fs::File::open(file).and_then(|mut file| file.read_exact(&mut start)).is_ok() && start != *b"#!"
}

fn look_in(folder: &Path, user: &RunAs) -> Option<Programs> {
    let folder = folder.canonicalize().ok()?;
    let mut command = Command::new(folder.join("postgres"));
    command.arg("--version").current_dir("/");
    user.apply(&mut command);
    let output = command.output().ok().filter(|output| output.status.success())?;
    let (major, minor) = version(&String::from_utf8_lossy(&output.stdout))?;
    let whole = folder.join("initdb").is_file() && major >= OLDEST;
    whole.then_some(Programs { folder, major, minor })
}

/// The version in `postgres (PostgreSQL) 15.18 (Debian …)`, also of betas (`18beta1`).
fn version(line: &str) -> Option<(u32, u32)> {
    let word = line.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    let mut numbers = word.split(|c: char| !c.is_ascii_digit());
    let major = numbers.next()?.parse().ok()?;
    let minor = if word.contains('.') { numbers.next()?.parse().ok()? } else { 0 };
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn at(folder: &str, major: u32, minor: u32) -> Programs {
        Programs { folder: folder.into(), major, minor }
    }

    #[test]
    fn versions_are_read_from_what_postgres_says() {
        assert_eq!(version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), Some((15, 18)));
        assert_eq!(version("postgres (PostgreSQL) 18beta1"), Some((18, 0)));
        assert_eq!(version("postgres: not found"), None);
    }

    #[test]
    fn the_newest_wins_but_a_cluster_keeps_its_version() {
        let found = [at("/a", 15, 2), at("/b", 17, 1), at("/c", 15, 9), at("/d", 17, 1)];

        assert_eq!(pick(&found, None).unwrap().folder, Path::new("/b"));
        assert_eq!(pick(&found, Some(15)).unwrap().folder, Path::new("/c"));
        assert!(pick(&found, Some(16)).is_none());
        assert_eq!(majors(&found), "15, 17");
    }
}
