//! One run: claimed, worked off chunk by chunk, let go.

use std::time::Instant;

use serde_json::Value;
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, Row, Sql, p, sql};
use wealth_http::{App, Problem, Result, Row404};

use crate::registry::{ATTEMPTS, Chunk, Context, Job, Run, Work};

/// How long a chunk may take before another process takes the run over, in seconds. The login's
/// statement limit is shorter, and a stalled process that wakes up later writes nothing.
const LEASE: i32 = 120;

/// How a run came out of this process's hands.
pub(crate) enum Outcome {
    /// It is over.
    Done { counts: Value, report: Value },
    /// It is none of ours now: another has it, or it waits for an earlier one.
    Busy(String),
    /// Time is up; the next call goes on.
    Left,
    /// It failed: for now (`waiting`) or for good (`failed`).
    Failed { state: String, why: String },
}

/// What has been kept of a run.
struct Kept {
    more: bool,
    cursor: Option<Value>,
    counts: Value,
    report: Value,
}

/// Takes a run, if it is to be had, and works at it until it is over, fails, or time is up.
///
/// # Errors
/// Only when the database cannot be told: the run's lease then runs out.
pub(crate) async fn go(
    context: &Context<'_>,
    job: &Job,
    tenant: Uuid,
    id: Uuid,
) -> Result<Outcome> {
    let mut run = match claim(context.app, tenant, id).await? {
        Ok(run) => run,
        // Given up because its process died too often: told once, here.
        Err(state) if state == "failed" => {
            let why = "given up: its process died".to_owned();
            tracing::error!(job = job.name, %tenant, state, why, "job failed");
            return Ok(Outcome::Failed { state, why });
        }
        Err(state) => return Ok(Outcome::Busy(state)),
    };
    loop {
        match chunk(context, job, &run).await {
            Ok(kept) if !kept.more => return Ok(done(job, &run, kept)),
            Ok(kept) => run.cursor = kept.cursor,
            Err(lost) if lost.code() == &problem::STATE_CONFLICT => {
                return Ok(Outcome::Busy("lost".to_owned()));
            }
            Err(problem) => return fail(context.app, job, &run, &problem).await,
        }
        if Instant::now() >= context.ends {
            let_go(context.app, &run, None).await?;
            return Ok(Outcome::Left);
        }
    }
}

/// The run, or why it is not to be had.
async fn claim(app: &App, tenant: Uuid, id: Uuid) -> Result<std::result::Result<Run, String>> {
    let (owner, now) = (app.ids.next(), app.clock.now());
    let params = [
        p::uuid(&tenant),
        p::uuid(&id),
        p::uuid(&owner),
        p::int4(&LEASE),
        p::int4(&ATTEMPTS),
        p::timestamptz(&now),
    ];
    let rows = ask(app, sql!("jobs", "claim"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let outcome: String = row.get("outcome");
    if outcome != "taken" {
        return Ok(Err(outcome));
    }
    let (epoch, date, cursor) = (row.get("epoch"), row.get("business_date"), row.get("cursor"));
    Ok(Ok(Run { tenant, id, epoch, date, cursor }))
}

/// Does a chunk and keeps what it did.
async fn chunk(context: &Context<'_>, job: &Job, run: &Run) -> Result<Kept> {
    match job.work {
        Work::Sql(step) => {
            let now = context.app.clock.now();
            let params = [
                p::uuid(&run.tenant),
                p::uuid(&run.id),
                p::int4(&run.epoch),
                p::int4(&job.chunk),
                p::int4(&LEASE),
                p::timestamptz(&now),
                p::uuid(&run.id),
            ];
            kept(ask(context.app, step, &params).await?)
        }
        Work::Code(work) => {
            let done = work(context, run).await.map_err(|problem| {
                // A conflict inside the work is no loss of the run.
                let text = problem.summary();
                match problem.code() == &problem::STATE_CONFLICT {
                    true => Problem::unavailable(text),
                    false => problem,
                }
            })?;
            keep(context.app, run, done).await
        }
    }
}

async fn keep(app: &App, run: &Run, done: Chunk) -> Result<Kept> {
    let more = done.next.is_some();
    let (counts, report) = (Value::Object(done.counts), Value::Object(done.report));
    let params = [
        p::uuid(&run.tenant),
        p::uuid(&run.id),
        p::int4(&run.epoch),
        p::bool(&more),
        p::json(&done.next),
        p::json(&counts),
        p::json(&report),
        p::int4(&LEASE),
    ];
    kept(ask(app, sql!("jobs", "keep"), &params).await?)
}

fn kept(rows: Vec<Row>) -> Result<Kept> {
    let mut kept: Value = rows.one_or(&problem::NOT_FOUND)?.get("kept");
    let more = kept["more"].as_bool().unwrap_or(false);
    let cursor = Some(kept["cursor"].take()).filter(|cursor| !cursor.is_null());
    Ok(Kept { more, cursor, counts: kept["counts"].take(), report: kept["report"].take() })
}

fn done(job: &Job, run: &Run, kept: Kept) -> Outcome {
    let Kept { counts, report, .. } = kept;
    let (tenant, date) = (run.tenant, run.date);
    tracing::info!(job = job.name, %tenant, business_date = %date, state = "done", %counts, "job");
    if let Some(alarm) = report["alarm"].as_str() {
        tracing::error!(job = job.name, alarm, "job alarm");
    }
    Outcome::Done { counts, report }
}

async fn fail(app: &App, job: &Job, run: &Run, problem: &Problem) -> Result<Outcome> {
    let why = problem.summary();
    let state = let_go(app, run, Some(&why)).await?.unwrap_or_else(|| "lost".to_owned());
    let (tenant, date) = (run.tenant, run.date);
    tracing::error!(job = job.name, %tenant, business_date = %date, state, why, "job failed");
    Ok(Outcome::Failed { state, why })
}

/// The state it is in then; none if another has it.
async fn let_go(app: &App, run: &Run, why: Option<&str>) -> Result<Option<String>> {
    let now = app.clock.now();
    let params = [
        p::uuid(&run.tenant),
        p::uuid(&run.id),
        p::int4(&run.epoch),
        p::text(&why),
        p::int4(&ATTEMPTS),
        p::timestamptz(&now),
    ];
    Ok(ask(app, sql!("jobs", "let_go"), &params).await?.one_or(&problem::NOT_FOUND)?.get("state"))
}

async fn ask(app: &App, sql: Sql, params: &[wealth_db::Param<'_>]) -> Result<Vec<Row>> {
    Ok(app.db.system_query(sql, params, &Meter::default()).await?)
}
