//! `wealth with-database -- CMD…`: the database of `make run` for another program.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use super::child;
use crate::database::Database;
use crate::signals::Signals;
use crate::{identity, output, samples, server};

/// Prepares the database as `make run` does and runs `command` with `DATABASE_URL` set to the
/// login that serves requests. The sample requests name `port`, on which the command should listen.
///
/// # Errors
/// As [`super::dev::run`], or the command cannot be started.
pub async fn run(port: u16, command: &[OsString]) -> Result<ExitCode> {
    let mut signals = Signals::new()?;
    let database = tokio::select! {
        ready = Database::prepare() => ready?,
        _ = signals.next() => return Ok(ExitCode::FAILURE),
    };
    let services = identity::services(port)?;
    if database.is_demo {
        let app = server::application(database.config.clone(), &services).await?;
        output::say(&samples::text(&app, &services, port).await?);
    }
    let below = if database.config.allow_below_floor { "1" } else { "" };
    let (issuer, keys) = (identity::issuer_url(port), identity::keys_file()?);
    let (audit_key, archive) =
        (identity::audit_key_file()?, identity::audit_archive(&database.config)?);
    let (feeds, outbox) = (identity::rate_feeds()?, identity::outbox()?);
    let variables = [
        ("DATABASE_URL", &*database.service_url),
        ("DB_ALLOW_BELOW_FLOOR", below),
        ("ISSUER_URL", &issuer),
        ("USERS_KEYS_FILE", &keys.to_string_lossy()),
        ("AUDIT_ORIGIN", identity::AUDIT_ORIGIN),
        ("AUDIT_KEY_FILE", &audit_key.to_string_lossy()),
        ("AUDIT_ARCHIVE", &archive.to_string_lossy()),
        ("RATE_FEED_FOLDER", &feeds.to_string_lossy()),
        ("MAIL_OUTBOX", &outbox.to_string_lossy()),
    ];
    let code = child::run(command, &variables, &mut signals).await;
    database.stop().await;
    code
}
