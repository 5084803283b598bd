//! `wealth jobs`: runs a scheduled job by hand, lists the jobs, and says how their runs went.

mod list;
mod run;
mod status;
mod table;

use std::process::ExitCode;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, Subcommand};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do what is due of a job and not done, as its schedule would
    Run(Run),
    /// List the jobs: when each is due, for whom, and how missed days are done
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the last runs
    Status(Status),
}

/// Which runs.
#[derive(Debug, Args)]
pub struct Run {
    /// The job, as `wealth jobs list` names it
    job: String,
    /// One firm: its id; all without it
    #[arg(long, env = "WEALTH_TENANT")]
    tenant: Option<uuid::Uuid>,
    /// One business date, again if it had failed; without it what is due
    #[arg(long)]
    date: Option<NaiveDate>,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Which runs.
#[derive(Debug, Args)]
pub struct Status {
    /// One job; all without it
    #[arg(long)]
    job: Option<String>,
    /// One business date
    #[arg(long)]
    date: Option<NaiveDate>,
    /// One firm: its id
    #[arg(long, env = "WEALTH_TENANT")]
    tenant: Option<uuid::Uuid>,
    /// Runs of each job and firm
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    last: u16,
    /// As JSON, with reports and errors
    #[arg(long)]
    json: bool,
}

/// Runs the command. It ends with 3 when a run failed.
///
/// # Errors
/// There is no such job, or the database cannot be reached.
pub async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Run(arguments) => return run::run(arguments).await,
        Command::List { json } => list::run(json)?,
        Command::Status(arguments) => status::run(arguments).await?,
    }
    Ok(ExitCode::SUCCESS)
}
