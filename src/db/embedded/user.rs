//! PostgreSQL refuses to run as root: whom it runs as instead.

use std::os::unix::fs::lchown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

use super::error::ClusterError;

/// The user the server runs as.
#[derive(Clone, Debug, PartialEq)]
pub struct RunAs {
    pub uid: u32,
    gid: u32,
    /// For messages.
    pub name: String,
    /// Muster itself is another user (root) and must change to this one.
    switch: bool,
}

impl RunAs {
    /// Oneself; as root the cluster's owner, else the user behind sudo, else `postgres`, else `nobody`.
    pub fn choose(cluster_owner: Option<(u32, u32)>) -> Result<Self, ClusterError> {
        // SAFETY: neither call takes anything or can fail.
        let (uid, gid) = unsafe { (libc::geteuid(), libc::getegid()) };
        if uid != 0 {
            return Ok(Self { uid, gid, name: format!("user {uid}"), switch: false });
        }
        let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
        instead_of_root(cluster_owner, sudo_user(), &passwd).ok_or(ClusterError::NobodyToRunAs)
    }

    /// Makes the command run as this user (std sets the group first and drops root's further groups).
    pub fn apply(&self, command: &mut Command) {
        if self.switch {
            command.gid(self.gid).uid(self.uid);
        }
    }

    /// Gives a file or folder that Muster has just made to this user.
    pub fn give(&self, path: &Path) -> io::Result<()> {
        if self.switch { lchown(path, Some(self.uid), Some(self.gid)) } else { Ok(()) }
    }

    /// Whether this user can walk to the folder: tried, as permission bits are not the whole story.
    pub fn can_enter(&self, folder: &Path) -> bool {
        if !self.switch {
            return true;
        }
        let mut command = Command::new("/bin/sh");
        command.args(["-c", ":"]).current_dir(folder);
        self.apply(&mut command);
        command.status().is_ok_and(|status| status.success())
    }

    /// Whether this is the person who typed `sudo`.
    pub fn is_behind_sudo(&self) -> bool {
        self.switch && sudo_user().is_some_and(|(uid, _)| uid == self.uid)
    }
}

fn sudo_user() -> Option<(u32, u32)> {
    let id = |name| env::var(name).ok()?.parse().ok();
    Some((id("SUDO_UID")?, id("SUDO_GID")?))
}

fn instead_of_root(owner: Option<(u32, u32)>, sudo: Option<(u32, u32)>, passwd: &str) -> Option<RunAs> {
    let ids = [owner, sudo].into_iter().flatten().find(|(uid, _)| *uid != 0);
    let (uid, gid) = ids.or_else(|| by_name(passwd, "postgres")).or_else(|| by_name(passwd, "nobody"))?;
    let name = name_of(passwd, uid).unwrap_or_else(|| format!("user {uid}"));
    Some(RunAs { uid, gid, name, switch: true })
}

fn by_name(passwd: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = passwd.lines().map(|line| line.split(':')).find_map(|mut f| (f.next()? == name).then_some(f))?;
    fields.next()?;
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn name_of(passwd: &str, uid: u32) -> Option<String> {
    let of = |line: &str| Some((line.split(':').next()?.to_owned(), line.split(':').nth(2)?.parse::<u32>().ok()?));
    passwd.lines().filter_map(of).find(|(_, id)| *id == uid).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    const PASSWD: &str =
        "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n";

    fn ids(owner: Option<(u32, u32)>, sudo: Option<(u32, u32)>, passwd: &str) -> Option<(u32, u32)> {
        instead_of_root(owner, sudo, passwd).map(|user| (user.uid, user.gid))
    }

    #[test]
    fn root_gives_way_to_owner_then_sudo_then_postgres_then_nobody() {
        assert_eq!(ids(Some((7, 8)), Some((1000, 1001)), PASSWD), Some((7, 8)));
        assert_eq!(ids(None, Some((1000, 1001)), PASSWD), Some((1000, 1001)));
        assert_eq!(ids(None, Some((0, 0)), PASSWD), Some((101, 104)));
        assert_eq!(ids(None, None, "nobody:x:65534:65533::/:/bin/false"), Some((65534, 65533)));
        assert_eq!(ids(None, None, "root:x:0:0::/root:/bin/sh"), None);
    }

    #[test]
    fn messages_name_the_user() {
        assert_eq!(instead_of_root(None, None, PASSWD).unwrap().name, "postgres");
        assert_eq!(instead_of_root(Some((7, 8)), None, PASSWD).unwrap().name, "user 7");
    }
}
