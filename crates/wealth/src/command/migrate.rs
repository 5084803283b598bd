//! `wealth migrate`: brings a database up to date.

use anyhow::Result;

use crate::database::{self, Administrator};
use crate::output::say;

/// Migrates the database of `DATABASE_URL`, or the local one.
///
/// # Errors
/// The server cannot be had, or a migration fails and was rolled back.
pub async fn run() -> Result<()> {
    let mut administrator = Administrator::connect().await?;
    let done = database::migrate(&administrator).await?;
    say(&format!("{} migrations applied, {} objects renewed", done.migrations, done.repeatable));
    if let Some(server) = administrator.server.take() {
        server.stop().await;
    }
    Ok(())
}
