//! Where the local server's files live, and as which user it runs.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

/// The account that the server runs as. PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// Nobody special when we are an ordinary user; as root, the user `postgres`, else `nobody`.
    ///
    /// # Errors
    /// As root on a machine that has neither user.
    pub(super) fn choose() -> Result<Option<Self>> {
        if my_uid()? != 0 {
            return Ok(None);
        }
        for name in ["postgres", "nobody"] {
            if let (Ok(uid), Ok(gid)) = (id(&["-u", name]), id(&["-g", name])) {
                return Ok(Some(Self { uid, gid }));
            }
        }
        bail!("PostgreSQL cannot run as root, and there is no user postgres or nobody to run it as")
    }
}

/// The effective user id of this process.
pub(super) fn my_uid() -> Result<u32> {
    id(&["-u"])
}

fn id(arguments: &[&str]) -> Result<u32> {
    let out = Command::new("id").args(arguments).output().context("cannot run id")?;
    String::from_utf8_lossy(&out.stdout).trim().parse().context("no such user")
}

/// The top of the working copy: the nearest directory above the current one with `Cargo.lock` and
/// `sql`, else the current directory.
///
/// # Errors
/// If the current directory cannot be read.
pub fn project_root() -> Result<PathBuf> {
    let here = std::env::current_dir().context("cannot read the current directory")?;
    let root = here.ancestors().find(|d| d.join("Cargo.lock").is_file() && d.join("sql").is_dir());
    Ok(root.unwrap_or(&here).to_path_buf())
}

/// The directory for server binaries and the durable cluster: `.local` in the project, or, as root
/// in a place that the server's account cannot enter, a directory of ours under `/var/tmp`.
pub(super) fn base_directory() -> Result<PathBuf> {
    let local = project_root()?.join(".local");
    std::fs::create_dir_all(&local).with_context(|| format!("cannot make {}", local.display()))?;
    if my_uid()? != 0 || local.ancestors().all(others_may_enter) {
        return Ok(local);
    }
    let name = Sha256::digest(local.as_os_str().as_encoded_bytes());
    let name: String = name.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let elsewhere = Path::new("/var/tmp").join(format!("wealth-{name}"));
    // Anyone may write in /var/tmp, so a directory that is already there must be ours.
    match std::fs::create_dir(&elsewhere) {
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
        made => {
            made.with_context(|| format!("cannot make {}", elsewhere.display()))?;
            std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o711))?;
            eprintln!(
                "postgres: {} is closed to the user that the server runs as; using {}",
                local.display(),
                elsewhere.display()
            );
        }
    }
    let found = std::fs::symlink_metadata(&elsewhere)?;
    if !found.is_dir() || found.uid() != 0 {
        bail!("{} belongs to another user; remove it", elsewhere.display());
    }
    Ok(elsewhere)
}

fn others_may_enter(directory: &Path) -> bool {
    std::fs::metadata(directory).is_ok_and(|m| m.permissions().mode() & 0o001 != 0)
}

/// A memory disk with a gigabyte to spare, where a database is copied in milliseconds, else the
/// temporary directory.
pub(super) fn throwaway_parent() -> PathBuf {
    let shm = Path::new("/dev/shm");
    let df = Command::new("df").args(["-Pk"]).arg(shm).output();
    let free = df.ok().and_then(|out| {
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    let writable = std::fs::metadata(shm).is_ok_and(|m| m.permissions().mode() & 0o002 != 0);
    if writable && free.is_some_and(|kilobytes| kilobytes > 1_000_000) {
        return shm.to_path_buf();
    }
    std::env::temp_dir()
}
