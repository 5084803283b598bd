//! `wealth`: the command line of the platform.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use wealth::command::{
    dev, errors_doc, keys, migrate, openapi, schema, token, with_database, with_postgres,
};

/// Product catalogue and rates for firms that sell investment products: the command line.
#[derive(Debug, Parser)]
#[command(name = "wealth", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start database and server on this machine, with demo data (make run)
    Dev {
        /// Port on 127.0.0.1
        #[arg(long, env = "PORT", default_value_t = 9000)]
        port: u16,
    },
    /// Bring the database of DATABASE_URL, or the local one, up to date
    Migrate,
    /// Start a throwaway PostgreSQL, set TEST_DATABASE_URL and run a command
    WithPostgres {
        /// The command and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<OsString>,
    },
    /// Start the local database with demo data, set DATABASE_URL and run a command (make watch)
    WithDatabase {
        /// Port that the command will listen on, for the sample requests
        #[arg(long, env = "PORT", default_value_t = 9000)]
        port: u16,
        /// The command and its arguments
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, required = true)]
        command: Vec<OsString>,
    },
    /// Write the OpenAPI documents: one per function and all of them in one
    Openapi {
        /// Directory to write to
        #[arg(long, default_value = "docs/openapi")]
        out: PathBuf,
    },
    /// Write the list of problem codes
    ErrorsDoc {
        /// File to write
        #[arg(long, default_value = "docs/errors.md")]
        out: PathBuf,
    },
    /// Write the schema that the migrations make, as pg_dump shows it
    Schema {
        /// File to write
        #[arg(long, default_value = "sql/schema.sql")]
        out: PathBuf,
    },
    /// Load products or rates from a file of any size; a run that was stopped goes on
    Import(wealth::import::Arguments),
    /// Verify an audit log, keep its archive, or make the key of one
    #[command(subcommand)]
    Audit(wealth::audit::Command),
    /// Run a job, list the jobs, or say how their runs went
    #[command(subcommand)]
    Jobs(wealth::jobs::Command),
    /// Print new keys for the users function of a new environment (the text of its secret)
    Keys,
    /// Sign in at the server of `make run` and print the access token, good for an hour
    Token {
        /// Port of the server on 127.0.0.1
        #[arg(long, env = "PORT", default_value_t = 9000)]
        port: u16,
        /// Whose token
        #[arg(value_enum, default_value_t = token::Who::Admin)]
        who: token::Who,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error),
    };
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            // Causes follow on the same line: one clear line, whatever went wrong.
            eprintln!("wealth: {}", format!("{error:#}").replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

/// Help and version go to standard output; a mistake is one line like every other error.
fn misused(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // Only a reader that has gone away can make this fail.
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    eprintln!("wealth: {}; see wealth --help", line.trim_start_matches("error: "));
    ExitCode::FAILURE
}

fn run(command: Command) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(execute(command));
    // A download that was interrupted must not hold up the end of the process.
    runtime.shutdown_background();
    result
}

async fn execute(command: Command) -> Result<ExitCode> {
    match command {
        Command::Dev { port } => dev::run(port).await?,
        Command::Migrate => migrate::run().await?,
        Command::WithPostgres { command } => return with_postgres::run(&command).await,
        Command::WithDatabase { port, command } => {
            return with_database::run(port, &command).await;
        }
        Command::Openapi { out } => openapi::run(&out).await?,
        Command::ErrorsDoc { out } => errors_doc::run(&out)?,
        Command::Schema { out } => schema::run(&out).await?,
        Command::Import(arguments) => return wealth::import::run(arguments).await,
        Command::Audit(command) => return wealth::audit::run(command).await,
        Command::Jobs(command) => return wealth::jobs::run(command).await,
        Command::Keys => keys::run()?,
        Command::Token { port, who } => token::run(port, who).await?,
    }
    Ok(ExitCode::SUCCESS)
}
