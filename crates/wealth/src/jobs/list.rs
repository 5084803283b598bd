//! `wealth jobs list`.

use anyhow::Result;
use jobs::{JOBS, Job, Period, Scope};
use serde_json::json;
use wealth_core::{Clock as _, SystemClock};

use super::table::table;
use crate::output::say;

pub(super) fn run(as_json: bool) -> Result<()> {
    let now = SystemClock.now();
    let next = |job: &Job| job.schedule().and_then(|schedule| schedule.next(now));
    if as_json {
        let all = JOBS.iter().map(|job| {
            json!({"job": job.name, "about": job.about, "schedule": job.schedule, "time_zone": job.zone,
                "for": whose(job), "each": job.period.name(), "catch_up": job.catch_up,
                "chunk": job.chunk, "next": next(job)})
        });
        say(&serde_json::to_string_pretty(&all.collect::<Vec<_>>())?);
        return Ok(());
    }
    let rows = JOBS.iter().map(|job| {
        let next = next(job).map(|next| next.format("%Y-%m-%d %H:%MZ").to_string());
        [
            job.name.to_owned(),
            job.schedule.to_owned(),
            whose(job).to_owned(),
            each(job),
            next.unwrap_or_default(),
            job.about.to_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    say(&table(["JOB", "SCHEDULE", "FOR", "EACH", "NEXT", "WHAT IT DOES"], &rows));
    Ok(())
}

fn whose(job: &Job) -> &'static str {
    match job.scope {
        Scope::Platform => "platform",
        Scope::Tenants { .. } => "each firm",
    }
}

fn each(job: &Job) -> String {
    match (job.period, job.catch_up) {
        (Period::Turn, _) => "turn".to_owned(),
        (period, 0) => format!("{}, the last only", period.name()),
        (period, most) => format!("{}, {most} caught up", period.name()),
    }
}
