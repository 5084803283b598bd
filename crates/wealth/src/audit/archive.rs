//! `wealth audit archive`: months of the log that have left the database, or are about to.

use std::io::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use audit::columns::Rows;
use audit::envelope;
use audit::months::manifest::{folder, sha256};
use audit::months::{self, Filter, Months};
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, Subcommand};
use uuid::Uuid;

use crate::import::target::Target;
use crate::output::say;
use crate::{identity, server};

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show how far each month is on its way out of the database
    List,
    /// Archive the months that are due, or go on where the last run stopped
    Run {
        /// Only this month: 2025-10
        #[arg(long, value_parser = month)]
        month: Option<NaiveDate>,
    },
    /// Load a month out of the archive, so that the API finds it again, read-only
    Restore {
        /// Which month: 2025-10
        #[arg(value_parser = month)]
        month: NaiveDate,
    },
    /// Let a restored month go again, once the archive has been read back
    Release {
        /// Which month: 2025-10
        #[arg(value_parser = month)]
        month: NaiveDate,
    },
    /// Print archived events as NDJSON, in the order of the log, straight from the files
    Query(Query),
}

/// Where to look, and for what: the filters of GET /v1/audit/events.
#[derive(Debug, Args)]
pub struct Query {
    /// The archive: s3://bucket/prefix or a folder
    #[arg(long, env = "AUDIT_ARCHIVE")]
    archive: String,
    /// Whose log; the nil UUID is the platform's own
    #[arg(long, env = "WEALTH_TENANT")]
    tenant: Uuid,
    /// Only this month: 2025-10
    #[arg(long, value_parser = month)]
    month: Option<NaiveDate>,
    /// Only what this person did
    #[arg(long)]
    actor_id: Option<Uuid>,
    /// Only this action: product.created, or its documented name CREATE_PRODUCT
    #[arg(long)]
    action: Option<String>,
    /// Only what was done to things of this kind
    #[arg(long)]
    resource_type: Option<String>,
    /// Only what was done to this thing
    #[arg(long)]
    resource_id: Option<String>,
    /// Only with this outcome
    #[arg(long, value_parser = ["success", "failure", "denied"])]
    outcome: Option<String>,
    /// Only what one call did, by its X-Request-Id
    #[arg(long)]
    request_id: Option<Uuid>,
    /// Only from this instant on (RFC 3339)
    #[arg(long)]
    from: Option<DateTime<Utc>>,
    /// Only before this instant (RFC 3339)
    #[arg(long)]
    to: Option<DateTime<Utc>>,
    /// Open what is told about people with the keys in the database of DATABASE_URL; the log says so
    #[arg(long)]
    open: bool,
}

/// A month: `2025-10`.
fn month(text: &str) -> Result<NaiveDate, String> {
    let day: Option<NaiveDate> = format!("{text}-01").parse().ok();
    day.filter(|_| text.len() == 7).ok_or_else(|| "takes a month: 2025-10".to_owned())
}

pub(super) async fn run(command: Command) -> Result<()> {
    if let Command::Query(query) = command {
        return find(query).await;
    }
    let target = Target::open().await?;
    let done = with_database(&target, command).await;
    target.stop().await;
    done
}

async fn with_database(target: &Target, command: Command) -> Result<()> {
    let app = server::reading(target.db.clone());
    if matches!(command, Command::List) {
        for month in months::list(&app).await.map_err(told)? {
            let held = if month.held { " (held)" } else { "" };
            say(&format!(
                "{} {}{held}: {} events of {} logs in {} bytes",
                months::name(month.month),
                month.state,
                month.rows,
                month.logs,
                month.bytes
            ));
        }
        return Ok(());
    }
    let services = services(target).await?;
    match command {
        Command::Run { month } => archive(&app, &services, month).await,
        Command::Restore { month } => {
            let said = |path: &str, rows: u64| eprintln!("wealth: {path}: {rows} events");
            let rows = months::restore(&app, &services, month, said).await.map_err(told)?;
            say(&format!("{} is in the log again with {rows} events", months::name(month)));
            Ok(())
        }
        Command::Release { month } => {
            months::release(&app, &services, month).await.map_err(told)?;
            archive(&app, &services, Some(month)).await
        }
        Command::List | Command::Query(_) => Ok(()),
    }
}

/// The archive of the environment, else that of the local server.
async fn services(target: &Target) -> Result<audit::Services> {
    if std::env::var_os("AUDIT_ARCHIVE").is_some() {
        return Ok(audit::Services::from_env().await?);
    }
    match target.local.as_ref() {
        Some(config) => identity::audit_services(config),
        None => bail!("say which archive: AUDIT_ARCHIVE, and the key of the logs"),
    }
}

async fn archive(
    app: &wealth_http::App,
    services: &audit::Services,
    only: Option<NaiveDate>,
) -> Result<()> {
    let months = Months::new(app, services);
    // There is no Lambda that would end it.
    let done = months::run(&months, only, Duration::MAX).await.map_err(told)?;
    for month in &done.dropped {
        say(&format!("{} has left the database", months::name(*month)));
    }
    say(&format!("{} events were archived", done.rows));
    match done.waiting {
        Some(why) => bail!("a month waits: {why}"),
        None => Ok(()),
    }
}

fn told(problem: wealth_http::Problem) -> anyhow::Error {
    match problem.cause() {
        Some(cause) => anyhow!("{}: {cause}", problem.summary()),
        None => anyhow!(problem.summary()),
    }
}

async fn find(query: Query) -> Result<()> {
    if !query.open {
        return print(query, None).await;
    }
    let target = Target::open().await?;
    let app = server::reading(target.db.clone());
    let done = print(query, Some(&app)).await;
    target.stop().await;
    done
}

/// Prints what is found, opened with the keys of a database if there is one.
async fn print(query: Query, database: Option<&wealth_http::App>) -> Result<()> {
    let archive = audit::Archive::open(&query.archive)?;
    let filter = Filter {
        actor_id: query.actor_id,
        action: query.action,
        resource_type: query.resource_type,
        resource_id: query.resource_id,
        outcome: query.outcome,
        request_id: query.request_id,
        from: query.from,
        to: query.to,
    };
    let wanted = query.month.map(months::name);
    let mut out = std::io::BufWriter::new(std::io::stdout());
    let mut shut = 0_u64;
    for (month, manifest, _) in months::months_of(&archive, query.tenant).await? {
        if wanted.as_ref().is_some_and(|wanted| *wanted != month) {
            continue;
        }
        let manifest = manifest.with_context(|| format!("the manifest of {month} is damaged"))?;
        let files: Vec<_> = manifest.files.iter().filter(|f| filter.may_be_in(f)).collect();
        let keys = match database.filter(|_| !files.is_empty()) {
            Some(app) => {
                let day = self::month(&month).map_err(|why| anyhow!(why))?;
                Some(months::keys_of(app, query.tenant, day, true).await.map_err(told)?)
            }
            None => None,
        };
        for file in files {
            let path = format!("{}/{}", folder(query.tenant, &month), file.name);
            let bytes = archive.object(&path).await?;
            let bytes = bytes.with_context(|| format!("{path} is missing"))?;
            if sha256(&bytes) != file.sha256 {
                bail!(
                    "{path} has other bytes than its manifest says; wealth audit verify tells more"
                );
            }
            for record in Rows::open(bytes).with_context(|| path.clone())? {
                let mut record = record.with_context(|| path.clone())?;
                if !filter.takes(&record) {
                    continue;
                }
                match &keys {
                    Some(keys) => {
                        envelope::open(&mut record, keys).with_context(|| path.clone())?
                    }
                    None => shut += u64::from(record.sealed.is_some()),
                }
                let line = serde_json::to_string(&record.event)?;
                if writeln!(out, "{line}").is_err() {
                    // Whoever reads has seen enough.
                    return Ok(());
                }
            }
        }
    }
    // The same: a reader that went away is no error.
    let _ = out.flush();
    if shut > 0 {
        eprintln!(
            "wealth: what {shut} of these events tell about people is closed; --open opens it with \
             the keys in the database of DATABASE_URL"
        );
    }
    Ok(())
}
