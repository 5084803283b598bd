//! Batches of rates that are fetched (S0-139), as an alternative to `POST
//! /v1/rate-feeds/{source}/batches` and the event bus: out of a folder or bucket that outside systems
//! put them into, and from feeds that have an address to be asked at.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use rates::{DueFeed, Outcome, Pulled};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_http::{Problem, Result};

use crate::callers::Answer;
use crate::feeds::{Batch, Feeds};
use crate::registry::{Chunk, Context, Job, Period, Run, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "pull-rate-feeds",
    about: "Asks the feeds that have an address for their batches, takes in those that lie in \
            RATE_FEED_FOLDER and puts each aside.",
    schedule: "rate(5 minutes)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 20,
    work: Work::Code(|context, run| chunk(context, run).boxed()),
};

/// A chunk ends well before its lease does; a call takes up to ten seconds more.
const ENOUGH: Duration = Duration::from_secs(60);

/// What a chunk did.
#[derive(Default)]
struct Done {
    taken: u32,
    refused: u32,
    unreachable: u32,
    /// What could not be done, and why.
    failed: Vec<String>,
}

/// One feed's or batch's failure keeps no other waiting: the chunk fails in the end and names it.
async fn chunk(context: &Context<'_>, run: &Run) -> Result<Chunk> {
    let ends = context.ends.min(Instant::now() + ENOUGH);
    let mut done = Done::default();
    let asked = ask(context, run, ends, &mut done).await;
    let emptied = empty(context, run, ends, &mut done).await;
    let more = asked? | emptied?;
    let Done { taken, refused, unreachable, failed } = done;
    if !failed.is_empty() {
        return Err(Problem::unavailable(format!("not taken: {}", failed.join("; "))));
    }
    let last =
        Chunk::last(json!({"batches": taken, "refused": refused, "unreachable": unreachable}));
    Ok(Chunk { next: more.then(|| json!({})), ..last })
}

/// Asks the feeds whose time has come; whether there may be more.
async fn ask(context: &Context<'_>, run: &Run, ends: Instant, done: &mut Done) -> Result<bool> {
    let due = DueFeed::list(context.app, JOB.chunk).await?;
    for feed in &due {
        if Instant::now() >= ends {
            return Ok(true);
        }
        if let Err(problem) = ask_one(context, run, feed, done).await {
            done.failed.push(format!("{}/{}: {}", feed.tenant, feed.source, problem.why()));
        }
    }
    Ok(i32::try_from(due.len()).is_ok_and(|found| found == JOB.chunk))
}

async fn ask_one(context: &Context<'_>, run: &Run, feed: &DueFeed, done: &mut Done) -> Result<()> {
    let pulled = pull(context, run, feed).await;
    // Noted last: when this dies before, the feed is asked again and its batch known by its id. Noted
    // for a failure of ours, too: the feed waits for its next time, and those behind it have theirs.
    let ours = || Pulled {
        outcome: Outcome::Unreachable,
        batch_id: None,
        detail: Some("Its batch could not be taken here; it is asked again".to_owned()),
    };
    let noted = feed.note(context.app, pulled.as_ref().unwrap_or(&ours()), run.id).await;
    match pulled?.outcome {
        Outcome::Taken => done.taken += 1,
        Outcome::Nothing => {}
        Outcome::Refused => done.refused += 1,
        Outcome::Unreachable => done.unreachable += 1,
    }
    noted
}

async fn pull(context: &Context<'_>, run: &Run, feed: &DueFeed) -> Result<Pulled> {
    let none = |outcome, detail| Pulled { outcome, batch_id: None, detail };
    let batch = match context.services.caller().await.call(feed).await {
        Answer::Batch(batch) => batch,
        Answer::Nothing => return Ok(none(Outcome::Nothing, None)),
        Answer::Malformed(why) => return Ok(none(Outcome::Refused, Some(why))),
        Answer::Unreachable(why) => return Ok(none(Outcome::Unreachable, Some(why))),
    };
    match rates::jobs::deliver(context.app, feed.tenant, &feed.source, batch, run.id).await {
        Ok(report) => {
            let batch_id = report["batch_id"].as_str().and_then(|id| Uuid::parse_str(id).ok());
            Ok(Pulled { outcome: Outcome::Taken, batch_id, detail: None })
        }
        Err(problem) if problem.code().status >= 500 => Err(problem),
        Err(problem) => Ok(none(Outcome::Refused, Some(problem.summary()))),
    }
}

/// Takes in batches of the folder; whether there may be more.
async fn empty(context: &Context<'_>, run: &Run, ends: Instant, done: &mut Done) -> Result<bool> {
    let Some(feeds) = context.services.feeds().await? else { return Ok(false) };
    let waiting = feeds.waiting().await.map_err(unavailable)?;
    done.failed.extend(waiting.unread);
    let mut left = JOB.chunk;
    for batch in &waiting.batches {
        if left == 0 || Instant::now() >= ends {
            return Ok(true);
        }
        match take(context, run, feeds, batch).await {
            Ok(taken) => {
                left -= 1;
                done.taken += u32::from(taken);
                done.refused += u32::from(!taken);
            }
            // It stays where it is, and takes no place of those behind it.
            Err(problem) => done.failed.push(format!("{}: {}", batch.path, problem.why())),
        }
    }
    Ok(waiting.more)
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
