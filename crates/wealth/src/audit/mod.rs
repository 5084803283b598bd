//! `wealth audit`: proves an audit log against the last signed head that its owner trusts, keeps its
//! archive, makes the key that heads are signed with, and runs the jobs of retention by hand.

mod archive;
mod retention;
mod shelf;
mod source;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::output::say;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Verify an export, an archive, or the log of the database of DATABASE_URL, against a signed head
    Verify(Arguments),
    /// Archive months of the log, look into the archive, bring a month back
    #[command(subcommand)]
    Archive(archive::Command),
    /// Propose what is due for disposal, and dispose of what was approved and whose day has come
    Dispose,
    /// Erase from the audit log what executed erasure requests ask for
    Erase,
    /// Print a new key for the audit function of a new environment (the text of its secret)
    Keys,
}

/// Which log, and what is known of it.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A file with the last checkpoint that is trusted: the note of GET /v1/audit/checkpoint
    #[arg(long)]
    trusted: PathBuf,
    /// The key of the log (name+hash+base64), known from somewhere else than the server; once more
    /// for each key that was in use before (in WEALTH_AUDIT_KEY with commas between)
    #[arg(long = "key", env = "WEALTH_AUDIT_KEY", required = true, value_delimiter = ',')]
    keys: Vec<String>,
    /// The pages of an export (NDJSON), in their order
    #[arg(long = "export", num_args = 1..)]
    exports: Vec<PathBuf>,
    /// The archive (s3://bucket/prefix or a folder): verified by itself unless there is an export or
    /// --as; else its tiles name the event that was rewritten, and its months stand in for those
    /// that have left the database
    #[arg(long, env = "AUDIT_ARCHIVE")]
    archive: Option<String>,
    /// Read the live log, in the name of this member: e-mail or issuer#subject
    #[arg(long = "as", env = "WEALTH_AS")]
    act_as: Option<String>,
}

/// Runs the command. A log that is not what was signed ends it with an error that names the first
/// bad event.
///
/// # Errors
/// The log is not whole, or what is needed cannot be read.
pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Verify(arguments) => verify::run(arguments).await?,
        Command::Archive(command) => archive::run(command).await?,
        Command::Dispose => retention::dispose().await?,
        Command::Erase => retention::erase().await?,
        Command::Keys => say(&audit::SigningKey::generate()?.to_json()?),
    }
    Ok(ExitCode::SUCCESS)
}
