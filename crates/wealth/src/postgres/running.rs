//! The server of a `make run` that is going on in this working copy.

use std::fs::{File, TryLockError};

use anyhow::{Context as _, Result};

use super::place;

/// The superuser's URL of the given database, if the local server runs; what it is made of lies in
/// files that only the owner of `.local/` may read.
///
/// # Errors
/// The files of the server cannot be read.
pub(crate) fn running_url(database: &str) -> Result<Option<String>> {
    let base = place::base_directory()?;
    let Ok(lock) = File::open(base.join("run.lock")) else { return Ok(None) };
    if !matches!(lock.try_lock(), Err(TryLockError::WouldBlock)) {
        return Ok(None);
    }
    let read = |name: &str| {
        let file = base.join(name);
        std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    };
    let (password, port) = (read("pg.password")?, read("pg.port")?);
    let (password, port) = (password.trim(), port.trim());
    Ok(Some(format!("postgres://postgres:{password}@127.0.0.1:{port}/{database}")))
}
