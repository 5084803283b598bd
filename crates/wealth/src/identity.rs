//! The users context on this machine: its keys in a private file, its address on the local port.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use users::keys::{KeyStore, Keys, StaticKeys};
use users::{Parts, Services, Settings};

use crate::postgres;

/// Where the keys are kept, so that sessions outlive a restart.
pub(crate) fn keys_file() -> Result<PathBuf> {
    Ok(postgres::project_root()?.join(".local/users-keys.json"))
}

/// The platform's address as an issuer on this machine.
pub(crate) fn issuer_url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Services with this machine's keys, made on the first run.
pub(crate) fn services(port: u16) -> Result<Services> {
    let file = keys_file()?;
    if !file.is_file() {
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        postgres::write_private(&file, Keys::generate()?.to_json()?.as_bytes())?;
    }
    let text = std::fs::read_to_string(&file)?;
    Keys::from_json(&text).with_context(|| format!("{}: remove it", file.display()))?;
    Ok(with_keys(port, text))
}

/// Services for whoever only wants to know the routes.
pub(crate) fn for_documents() -> Result<Services> {
    Ok(with_keys(9000, Keys::generate()?.to_json()?))
}

fn with_keys(port: u16, keys: String) -> Services {
    let keys = KeyStore::new(Arc::new(StaticKeys(keys)));
    Services::new(Parts { settings: Settings { issuer: issuer_url(port) }, keys })
}
