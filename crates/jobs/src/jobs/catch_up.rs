//! What was left: runs that ended half-way, days on which nothing called, firms for which there was
//! no time. Every job of a date is asked for what is open.

use futures_util::FutureExt;
use serde_json::{Map, json};
use wealth_http::{Problem, Result};

use super::JOBS;
use crate::registry::{Chunk, Context, Job, Period, Scope, Work};
use crate::runner::{Order, run};

pub(super) const JOB: Job = Job {
    name: "catch-up",
    about: "Goes on with what was left half-way and does the days that were missed, in their order.",
    schedule: "rate(5 minutes)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, _| all(context).boxed()),
};

async fn all(context: &Context<'_>) -> Result<Chunk> {
    let (mut done, mut left, mut failed) = (Map::new(), 0, Vec::new());
    for job in JOBS.iter().filter(|job| job.period != Period::Turn) {
        // As if its schedule had called the last time that it should have: not before its hour.
        let Some(scheduled) = job.due(context.app.clock.now()) else { continue };
        let order = Order { scheduled, tenant: None, date: None };
        match run(context.app, context.services, job, &order, context.ends).await {
            Ok(report) => {
                left += report.left;
                if report.done > 0 {
                    done.insert(job.name.to_owned(), json!(report.done));
                }
                failed.extend(report.failed.iter().map(|why| format!("{}: {why}", job.name)));
            }
            Err(problem) => failed.push(format!("{}: {}", job.name, problem.summary())),
        }
    }
    if failed.is_empty() {
        return Ok(Chunk::last(json!(done)).reporting(json!({ "left": left })));
    }
    Err(Problem::unavailable(failed.join("; ")))
}
