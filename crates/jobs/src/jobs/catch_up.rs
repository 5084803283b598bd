//! What was left: runs that ended half-way, days on which nothing called, firms for which there was
//! no time. Every job of a date is asked for what is open; then the turns that were left are gone on
//! with, unless the job's next one comes as soon.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use serde_json::{Map, json};
use wealth_db::{Meter, Row, sql};
use wealth_http::{Problem, Result};

use super::JOBS;
use crate::registry::{Chunk, Context, Job, Period, Scope, Work, find};
use crate::runner::{Order, run};

/// How soon this comes again.
const SOON: TimeDelta = TimeDelta::minutes(5);

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

/// Every job of a date, as if its schedule had called the last time that it should have: not before
/// its hour.
fn dated(context: &Context<'_>) -> Vec<(&'static Job, DateTime<Utc>)> {
    let now = context.app.clock.now();
    let jobs = JOBS.iter().filter(|job| job.period != Period::Turn);
    jobs.filter_map(|job| Some((job, job.due(now)?))).collect()
}

/// The turns that were left, as if they were called once more.
async fn turns(context: &Context<'_>) -> Result<Vec<(&'static Job, DateTime<Utc>)>> {
    let now = context.app.clock.now();
    let left = sql!("jobs", "unfinished_turns");
    let left = context.app.db.system_query(left, &[], &Meter::default()).await?;
    let late = |job: &Job| {
        job.schedule().and_then(|it| it.next(now)).is_some_and(|next| next > now + SOON)
    };
    let turn = |row: &Row| Some((find(row.get("job"))?, row.get("turn")));
    Ok(left.iter().filter_map(turn).filter(|(job, _)| late(job)).collect())
}

async fn all(context: &Context<'_>) -> Result<Chunk> {
    let (mut done, mut left, mut failed) = (Map::new(), 0, Vec::new());
    for (job, scheduled) in dated(context).into_iter().chain(turns(context).await?) {
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
