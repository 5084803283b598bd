//! A private PostgreSQL server: found or installed, started, and never left behind.
//!
//! [`Throwaway`] serves tests, [`Durable`] serves `make run`. Both listen on 127.0.0.1 only, never
//! run as root, and are stopped by a small watchdog process when their owner ends in any way.

mod binaries;
mod cluster;
mod durable;
mod install;
mod place;
mod running;
mod throwaway;
mod version;

use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::{Context as _, Result};

pub use binaries::Binaries;
pub use durable::Durable;
pub use place::project_root;
pub(crate) use running::running_url;
pub use throwaway::Throwaway;
pub use version::{OLDEST_MAJOR, Version};

/// Writes a file that only its owner may read, from its first byte on.
pub(crate) fn write_private(file: &Path, content: &[u8]) -> Result<()> {
    let _ = std::fs::remove_file(file);
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut open| open.write_all(content))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// 192 bits from the system's random source, in hexadecimal.
pub(crate) fn random_hex() -> Result<String> {
    let mut bytes = [0u8; 24];
    let source = "/dev/urandom";
    std::fs::File::open(source)
        .and_then(|mut open| open.read_exact(&mut bytes))
        .with_context(|| format!("cannot read {source}"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
