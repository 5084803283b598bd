//! `wealth import products FILE`, `wealth import rates FILE` and `wealth import users FILE`: files of
//! any size, a batch a transaction.
//!
//! Each batch and the account of the run are one transaction, so a run can end anywhere (a crash,
//! Ctrl-C, a lost connection): the same command goes on where it stood, and nothing is lost or
//! loaded twice. It acts in the name of a member of the tenant (`--tenant`, `--as`) with that
//! member's roles: fenced, authorised and audited like a request of that person, on a login that
//! owns nothing.

mod actor;
mod file;
mod load;
mod look;
mod people;
mod report;
pub(crate) mod target;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};
use products::imports::{Counts, Kind};
use wealth_core::authz::ImportProducts;

use crate::command::token::Who;
use crate::output::say;
use crate::signals::Signals;
use actor::Actor;
use file::Input;
use report::Report;
use target::Target;

/// Some rows were left out; the report says which.
const ROWS_FAILED: u8 = 3;
/// Stopped by a signal; the same command goes on.
const INTERRUPTED: u8 = 130;

/// What to import, as whom, and how.
#[derive(Debug, Args)]
pub struct Arguments {
    /// What the file holds
    #[arg(value_enum)]
    what: What,
    /// The file: CSV with a header, or NDJSON
    file: PathBuf,
    /// The firm: its id or public code; on the local server the demo firm unless given
    #[arg(long, env = "WEALTH_TENANT")]
    tenant: Option<String>,
    /// In whose name: e-mail or issuer#subject; on the local server the demo administrator
    #[arg(long = "as", env = "WEALTH_AS")]
    act_as: Option<String>,
    /// Report exactly what would happen and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Form of the file; by its ending unless given
    #[arg(long, value_enum)]
    format: Option<Form>,
    /// Rows a transaction, 1 to 5000
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=5000))]
    batch: u16,
    /// Where to write what is wrong, as CSV; FILE.errors.csv unless given
    #[arg(long)]
    report: Option<PathBuf>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Products with their first rate and availability, by CUSIP
    Products,
    /// Rates of products that exist: history and what is to come
    Rates,
    /// People of another system: email, first_name, last_name, roles (with ; between), password_hash
    /// (bcrypt or argon2id), legacy_id, is_verified. Takes a system administrator
    Users,
}

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Comma-separated values with a header
    Csv,
    /// One JSON object a line
    Ndjson,
}

/// How a run ended.
#[derive(Debug)]
enum End {
    Done(Counts),
    /// At this line.
    Interrupted(u64),
}

/// Imports a file.
///
/// # Errors
/// The file cannot be read or has no usable header, the database cannot be reached, or the person
/// may not import.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let mut signals = Signals::new()?;
    let kind = match arguments.what {
        What::Products => Kind::Products,
        What::Rates => Kind::Rates,
        What::Users => return people::run(arguments, signals).await,
    };
    let input = Input::open(arguments.file, arguments.format)?;
    input.reader(kind, arguments.batch, 1)?;
    let target = Target::open().await?;
    let (tenant, person) = target.who(arguments.tenant, arguments.act_as, Who::Admin)?;
    let actor = Actor::find::<ImportProducts>(&target.db, &tenant, &person).await?;
    let mut report = Report::new(arguments.report, &input.path);
    let job = load::Job { actor: &actor, input: &input, kind, batch: arguments.batch };
    let end = if arguments.dry_run {
        look::run(&job, &mut report, &mut signals).await
    } else {
        load::run(&job, &mut report, &mut signals).await
    };
    target.stop().await;
    conclude(end?, &report, arguments.dry_run)
}

fn conclude(end: End, report: &Report, dry_run: bool) -> Result<ExitCode> {
    let counts = match end {
        End::Done(counts) => counts,
        End::Interrupted(line) if dry_run => {
            say(&format!("stopped before line {line}; nothing was changed"));
            return Ok(ExitCode::from(INTERRUPTED));
        }
        End::Interrupted(line) => {
            say(&format!("stopped before line {line}; the same command goes on from there"));
            return Ok(ExitCode::from(INTERRUPTED));
        }
    };
    let Counts { created, updated, unchanged, quarantined, failed } = counts;
    let verb = if dry_run { "would be" } else { "were" };
    say(&format!(
        "{} rows: {created} {verb} created, {updated} updated, {unchanged} unchanged, \
         {quarantined} wait for a second person, {failed} failed",
        counts.total()
    ));
    if let Some(path) = report.written() {
        say(&format!("what is wrong: {}", path.display()));
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(ROWS_FAILED) })
}
