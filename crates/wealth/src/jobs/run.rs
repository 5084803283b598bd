//! `wealth jobs run`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use jobs::{Job, Order, Report, Services};
use serde_json::{Value, json};
use wealth_core::{Clock as _, SystemClock};

use super::table::table;
use super::{Run, status};
use crate::import::target::Target;
use crate::output::say;
use crate::{identity, server};

/// A run failed; its reason was printed.
const FAILED: u8 = 3;
/// How long chunks are begun; what is left then is gone on with by the next call.
const TIME: Duration = Duration::from_secs(3_600);

pub(super) async fn run(arguments: Run) -> Result<ExitCode> {
    let job = jobs::find(&arguments.job);
    let job =
        job.with_context(|| format!("there is no job {}; see wealth jobs list", arguments.job))?;
    let target = Target::open().await?;
    let outcome = call(&target, job, &arguments).await;
    target.stop().await;
    let report = outcome?;
    if arguments.json {
        say(&serde_json::to_string_pretty(&json!({"job": job.name, "runs": report.runs}))?);
    } else {
        show(&report);
    }
    Ok(if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

async fn call(target: &Target, job: &'static Job, arguments: &Run) -> Result<Report> {
    let services = match &target.local {
        // As `make run` has them; its port is part of links in mail only.
        Some(database) => identity::job_services(database, identity::services(9000)?)?,
        None => Services::from_env(),
    };
    let app = server::reading(target.db.clone());
    let order =
        Order { scheduled: SystemClock.now(), tenant: arguments.tenant, date: arguments.date };
    let done = jobs::run(&app, &services, job, &order, Instant::now() + TIME).await;
    done.map_err(|problem| anyhow!(problem.summary()))
}

fn show(report: &Report) {
    if report.runs.is_empty() {
        say(&format!("{}: nothing is left to do", report.job));
        return;
    }
    let rows = report.runs.iter().map(|end| {
        [
            status::firm(end.tenant_id),
            end.business_date.to_string(),
            end.state.clone(),
            status::members(&end.counts),
            end.report.get("error").and_then(Value::as_str).unwrap_or_default().to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    say(&table(["FIRM", "DATE", "STATE", "COUNTED", "WHY"], &rows));
}
