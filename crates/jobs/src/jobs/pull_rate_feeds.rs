//! Batches of rates that outside systems put into a folder or bucket (S0-139), as an alternative to
//! `POST /v1/rate-feeds/{source}/batches` and the event bus.

use std::time::Instant;

use futures_util::FutureExt;
use serde_json::{Value, json};
use wealth_http::{Problem, Result};

use crate::feeds::{Batch, Feeds};
use crate::registry::{Chunk, Context, Job, Period, Run, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "pull-rate-feeds",
    about: "Takes in the batches of rates that lie in RATE_FEED_FOLDER and puts each aside.",
    schedule: "rate(5 minutes)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 20,
    work: Work::Code(|context, run| chunk(context, run).boxed()),
};

async fn chunk(context: &Context<'_>, run: &Run) -> Result<Chunk> {
    let Some(feeds) = context.services.feeds().await? else {
        return Ok(
            Chunk::last(json!({})).reporting(json!({"reason": "RATE_FEED_FOLDER is not set"}))
        );
    };
    let limit = usize::try_from(JOB.chunk).unwrap_or(1);
    let found = feeds.waiting(limit).await.map_err(unavailable)?;
    let more = found.len() == limit;
    let (mut taken, mut refused) = (0, 0);
    for batch in &found {
        if Instant::now() >= context.ends {
            break;
        }
        match take(context, run, feeds, batch).await? {
            true => taken += 1,
            false => refused += 1,
        }
    }
    let done = Chunk::last(json!({"batches": taken, "refused": refused}));
    Ok(Chunk { next: more.then(|| json!({})), ..done })
}

/// Delivers a batch and puts it aside; false when it is refused for good. Delivered twice, because
/// this died in between, it is known by its id.
async fn take(context: &Context<'_>, run: &Run, feeds: &Feeds, batch: &Batch) -> Result<bool> {
    let outcome = match feeds.read(batch).await.map_err(unavailable)? {
        Ok(body) => {
            rates::jobs::deliver(context.app, batch.tenant, &batch.source, body, run.id).await
        }
        Err(why) => Err(why),
    };
    match outcome {
        Ok(report) => feeds.keep(batch, "taken", &report).await.map_err(unavailable)?,
        Err(problem) if problem.code().status >= 500 => return Err(problem),
        Err(problem) => {
            let why: Value = json!({"code": problem.code().code, "error": problem.summary()});
            tracing::warn!(batch = %batch.path, cause = problem.summary(), "batch refused");
            feeds.keep(batch, "refused", &why).await.map_err(unavailable)?;
            return Ok(false);
        }
    }
    Ok(true)
}

fn unavailable(error: impl std::fmt::Display) -> Problem {
    Problem::unavailable(error.to_string())
}
