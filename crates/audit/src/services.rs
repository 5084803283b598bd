//! What sealing needs beside the database: the name of the logs, the key that signs, the archive.

use std::sync::Arc;

use thiserror::Error;
use uuid::Uuid;

use crate::archive::{Archive, ArchiveError};
use crate::signer::{SecretSigner, Signer, SigningKey};

/// What the jobs of this context share; clones share everything.
#[derive(Clone)]
pub struct Services(Arc<Parts>);

/// The parts of [`Services`].
pub struct Parts {
    /// What the names of all logs begin with: the platform's address.
    pub origin: String,
    /// Signs the heads.
    pub signer: Arc<dyn Signer>,
    /// Keeps tiles and heads where the database cannot reach them.
    pub archive: Archive,
}

/// Why the function cannot start. One line each.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// A variable is missing.
    #[error("set {0}")]
    Missing(&'static str),
    /// A variable has a value that cannot be used.
    #[error("{0}: {1}")]
    Bad(&'static str, String),
}

impl Services {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Reads `AUDIT_ORIGIN` (else `ISSUER_URL`), `AUDIT_ARCHIVE` (`s3://bucket/prefix` or a folder),
    /// `AUDIT_ARCHIVE_LOCK` (`COMPLIANCE` or `GOVERNANCE`, else the bucket's default) and
    /// `AUDIT_SECRET_ARN`, or `AUDIT_KEY_FILE` on a developer's machine. No secret is asked for
    /// before it is needed.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub async fn from_env() -> Result<Self, SettingsError> {
        let get = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let origin = get("AUDIT_ORIGIN").or_else(|| get("ISSUER_URL"));
        let origin = origin.ok_or(SettingsError::Missing("ISSUER_URL"))?;
        let place = get("AUDIT_ARCHIVE").ok_or(SettingsError::Missing("AUDIT_ARCHIVE"))?;
        let bad =
            |name| move |error: &dyn std::fmt::Display| SettingsError::Bad(name, error.to_string());
        let mode = get("AUDIT_ARCHIVE_LOCK").map(|mode| mode.parse()).transpose();
        let mode = mode.map_err(|error: ArchiveError| bad("AUDIT_ARCHIVE_LOCK")(&error))?;
        let archive = Archive::open_locking(&place, mode);
        let archive = archive.map_err(|error| bad("AUDIT_ARCHIVE")(&error))?;
        let signer: Arc<dyn Signer> = match (get("AUDIT_KEY_FILE"), get("AUDIT_SECRET_ARN")) {
            (Some(file), _) => {
                let text = std::fs::read_to_string(file);
                let text = text.map_err(|error| bad("AUDIT_KEY_FILE")(&error))?;
                let key = SigningKey::from_json(&text);
                Arc::new(key.map_err(|error| bad("AUDIT_KEY_FILE")(&error))?)
            }
            (None, Some(secret)) => Arc::new(SecretSigner::from_env(secret).await),
            (None, None) => return Err(SettingsError::Missing("AUDIT_SECRET_ARN")),
        };
        Ok(Self::new(Parts { origin, signer, archive }))
    }
}

impl std::ops::Deref for Services {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The name of a tenant's log: the platform's address without its scheme, and the tenant. A log keeps
/// its name for ever; a platform that moves sets `AUDIT_ORIGIN` to its first address.
pub fn origin(platform: &str, tenant: Uuid) -> String {
    let place = platform.split_once("://").map_or(platform, |(_, place)| place);
    format!("{}/audit/{tenant}", place.trim_end_matches('/'))
}
