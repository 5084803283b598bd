//! `wealth with-postgres -- CMD…`: a throwaway server for the length of a command.

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;

use super::child;
use crate::postgres::Throwaway;
use crate::signals::Signals;

/// Runs `command` with `TEST_DATABASE_URL` set to a superuser's URL of a new server, and stops the
/// server afterwards, however the command ends.
///
/// # Errors
/// No server can be had, or the command cannot be started.
pub async fn run(command: &[OsString]) -> Result<ExitCode> {
    let mut signals = Signals::new()?;
    let server = tokio::select! {
        started = Throwaway::start() => started?,
        _ = signals.next() => return Ok(ExitCode::FAILURE),
    };
    let code = child::run(command, &[("TEST_DATABASE_URL", &server.url())], &mut signals).await;
    server.stop().await;
    code
}
