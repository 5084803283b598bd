//! The users context on this machine: its keys in a private file, its address on the local port.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use users::keys::{KeyStore, Keys, StaticKeys};
use users::mail::{Mailer, NoMailer, Outbox};
use users::passwords::{Passwords, Scheme};
use users::reconcile::Folder;
use users::{Ceremonies, Parts, Services, Settings};
use wealth_db::DbConfig;

use crate::postgres;

/// Where the keys are kept, so that sessions outlive a restart.
pub(crate) fn keys_file() -> Result<PathBuf> {
    Ok(postgres::project_root()?.join(".local/users-keys.json"))
}

/// Where mail goes on this machine: `MAIL_OUTBOX`, or a folder of the project.
pub(crate) fn outbox() -> Result<PathBuf> {
    match std::env::var_os("MAIL_OUTBOX").filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(folder.into()),
        None => Ok(postgres::project_root()?.join(".local/outbox")),
    }
}

/// Where the directories of firms lie on this machine, each as `<tenant_id>.json`:
/// `DIRECTORY_FOLDER`, or a folder of the project.
fn directories() -> Result<PathBuf> {
    match std::env::var_os("DIRECTORY_FOLDER").filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(folder.into()),
        None => Ok(postgres::project_root()?.join(".local/directories")),
    }
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
    let outbox = Outbox::new(&outbox()?, "no-reply@localhost");
    with_keys(port, text, Arc::new(outbox))
}

/// The address that the audit logs of this machine are known by, whatever the port.
pub(crate) const AUDIT_ORIGIN: &str = "http://localhost";

/// Where the key of the audit logs is kept, made on the first run.
pub(crate) fn audit_key_file() -> Result<PathBuf> {
    let file = postgres::project_root()?.join(".local/audit-key.json");
    if !file.is_file() {
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent)?;
        }
        postgres::write_private(&file, audit::SigningKey::generate()?.to_json()?.as_bytes())?;
    }
    Ok(file)
}

/// Where the audit logs of a database are archived: a folder for each, for two databases have two
/// logs of one tenant.
pub(crate) fn audit_archive(database: &DbConfig) -> Result<PathBuf> {
    let name = format!("{}-{}", database.host, database.name).replace('/', "_");
    Ok(postgres::project_root()?.join(".local/audit-archive").join(name))
}

/// What seals the audit logs of this machine.
pub(crate) fn audit_services(database: &DbConfig) -> Result<audit::Services> {
    let file = audit_key_file()?;
    let key = audit::SigningKey::from_json(&std::fs::read_to_string(&file)?);
    let key = key.with_context(|| format!("{}: remove it", file.display()))?;
    let folder = audit_archive(database)?;
    Ok(audit::Services::new(audit::Parts {
        origin: AUDIT_ORIGIN.to_owned(),
        signer: Arc::new(key),
        archive: audit::Archive::open(&folder.to_string_lossy())?,
    }))
}

/// What the jobs of this machine have: mail goes to the outbox, batches of rates lie in a folder.
pub(crate) fn job_services(database: &DbConfig, users: Services) -> Result<jobs::Services> {
    let caller = jobs::FeedCaller::new(wealth_http::auth::HttpsFetcher::new(), None);
    let feeds = jobs::Feeds::open(&rate_feeds()?.to_string_lossy())?;
    Ok(jobs::Services::new(users, audit_services(database)?, Some(feeds), caller))
}

/// Where batches of rates lie on this machine: `RATE_FEED_FOLDER`, or a folder of the project.
pub(crate) fn rate_feeds() -> Result<PathBuf> {
    match std::env::var_os("RATE_FEED_FOLDER").filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(folder.into()),
        None => Ok(postgres::project_root()?.join(".local/rate-feeds")),
    }
}

/// Services for whoever only wants to know the routes.
pub(crate) fn for_documents() -> Result<Services> {
    with_keys(9000, Keys::generate()?.to_json()?, Arc::new(NoMailer))
}

fn with_keys(port: u16, keys: String, mailer: Arc<dyn Mailer>) -> Result<Services> {
    let keys = KeyStore::new(Arc::new(StaticKeys(keys)));
    let issuer = issuer_url(port);
    let settings =
        Settings { app_url: issuer.clone(), issuer, answer_after: Settings::ANSWER_AFTER };
    let passwords = Passwords::new(Scheme::default());
    let ceremonies = Ceremonies::of_issuer(&settings.issuer)?;
    let directories = Arc::new(Folder::new(directories()?));
    Ok(Services::new(Parts { settings, keys, passwords, mailer, ceremonies, directories }))
}
