//! Finding PostgreSQL's programs.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{install, version::Version};

/// One set of server programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The directory with `postgres`, `initdb` and, except in the npm package, `pg_dump` and `psql`.
    pub directory: PathBuf,
    /// What `postgres --version` says.
    pub version: Version,
    /// A directory of shared libraries to look in first, when they were unpacked beside it.
    pub(super) libraries: Option<PathBuf>,
}

impl Binaries {
    /// Finds server programs, and installs them under `base` if the machine has none that are
    /// good enough. The order: at or above the security floor on the machine or unpacked before;
    /// Debian's package; the npm package; any supported version, with a warning.
    ///
    /// # Errors
    /// One line that says what was tried, when there is nothing of version 15 or later.
    pub(super) fn find_or_install(base: &Path) -> Result<Self> {
        let unpacked = base.join("postgres");
        if let Some(good) = best(&unpacked).filter(|b| b.version.is_at_floor()) {
            return Ok(good);
        }
        let mut tried = Vec::new();
        let fallback = best(&unpacked);
        if let Err(why) = install::from_debian(&unpacked) {
            tried.push(format!("{why:#}"));
        } else if let Some(good) = best(&unpacked).filter(|b| b.version.is_at_floor()) {
            return Ok(good);
        }
        if let Err(why) = install::from_npm(&unpacked, fallback.is_some()) {
            tried.push(format!("{why:#}"));
        }
        match best(&unpacked) {
            Some(found) if found.version.is_at_floor() => Ok(found),
            Some(found) => {
                eprintln!(
                    "postgres: warning: {} lacks security fixes that the fence between tenants \
                     relies on; install the newest minor release",
                    found.version
                );
                Ok(found)
            }
            None => bail!(
                "no PostgreSQL 15 or later found and none could be installed: {}; install \
                 PostgreSQL or set DATABASE_URL",
                tried.join("; ")
            ),
        }
    }

    /// A command for one of the programs, with the library path it needs.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.directory.join(program));
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }

    /// Reads the version of the programs in `directory`; `None` if they are not there or not run.
    fn in_directory(directory: PathBuf, libraries: Option<PathBuf>) -> Option<Self> {
        if !directory.join("initdb").is_file() {
            return None;
        }
        let mut found = Self { directory, version: Version::new(0, 0), libraries };
        let out = found.command("postgres").arg("--version").output().ok()?;
        found.version = Version::find(&String::from_utf8_lossy(&out.stdout))?;
        Some(found)
    }
}

/// The newest supported programs; those at the floor before any that are not, those unpacked here
/// before those of the machine.
fn best(unpacked: &Path) -> Option<Binaries> {
    let debian = unpacked.join("debian");
    let libraries = install::debian_libraries(&debian);
    let ours = versions_in(&debian.join("usr/lib/postgresql"))
        .into_iter()
        .filter_map(|bin| Binaries::in_directory(bin, libraries.clone()));
    let npm = Binaries::in_directory(install::npm_directory(unpacked).join("native/bin"), None);
    let machine =
        machine_directories().into_iter().filter_map(|dir| Binaries::in_directory(dir, None));
    let all = machine.chain(npm).chain(ours).filter(|b| b.version.is_supported());
    all.max_by_key(|b| (b.version.is_at_floor(), b.version))
}

/// Every directory of the machine that may hold `postgres`: `PATH`, Debian's, Red Hat's and
/// Homebrew's.
fn machine_directories() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all: Vec<PathBuf> = std::env::split_paths(&path).collect();
    all.extend(versions_in(Path::new("/usr/lib/postgresql")));
    for parent in ["/opt/homebrew/opt", "/usr/local/opt", "/usr", "/Library/PostgreSQL"] {
        all.extend(versions_in(Path::new(parent)).into_iter().filter(|bin| {
            bin.to_string_lossy().contains("postgresql") || parent.ends_with("PostgreSQL")
        }));
        all.extend((15..=19).map(|n| Path::new(parent).join(format!("pgsql-{n}/bin"))));
    }
    all
}

/// `<parent>/<anything>/bin` for every entry of `parent`.
fn versions_in(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.path().join("bin")).collect();
    all.sort();
    all
}
