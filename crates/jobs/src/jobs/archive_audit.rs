//! Months of the audit log that are older than the hot period leave the database (S0-133, S2-58, S4-124, X-14). Daily,
//! although there is one a month: a month that was held, or had an event without its leaf, goes with the next turn.

use std::time::{Duration, Instant};

use audit::months::Months;
use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

/// A chunk ends well before its lease does; a step of it takes up to half a minute.
const ENOUGH: Duration = Duration::from_secs(30);

pub(super) const JOB: Job = Job {
    name: "archive-audit",
    about: "Writes months of the audit log that are old enough to the archive, reads them back, and drops them.",
    schedule: "cron(20 2 * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, _| {
        async {
            let services = context.services.audit().await?;
            let left = context.ends.saturating_duration_since(Instant::now()).min(ENOUGH);
            let months = Months::new(context.app, services).ending(context.ends);
            let done = audit::months::run(&months, None, left).await?;
            let counts = json!({"events": done.rows, "months": done.dropped.len()});
            let mut chunk = Chunk::last(counts);
            // Where it stands is in the database; another chunk goes on there.
            chunk.next = done.unfinished.then(|| json!({}));
            match done.waiting {
                Some(why) => Ok(chunk.reporting(json!({"waiting": why}))),
                None => Ok(chunk),
            }
        }
        .boxed()
    }),
};
