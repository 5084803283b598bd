//! The rehearsal of a restore (S0-05, S0-120, S4-97, X-13), once a quarter: nobody knows of an archive that it can be
//! read until it was. The run's report says what came back, how long it took, and whether it is what was sealed.

use std::time::{Duration, Instant};

use audit::months::Drilled;
use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

/// A chunk begins no further page of events after that.
const ENOUGH: Duration = Duration::from_secs(10);

pub(super) const JOB: Job = Job {
    name: "drill-restore",
    about: "Brings an archived month of the audit log back beside the log, holds it against what was sealed, and reports.",
    schedule: "cron(0 5 1 1,4,7,10 ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Quarter,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| {
        async {
            let services = context.services.audit().await?;
            let left = context.ends.saturating_duration_since(Instant::now()).min(ENOUGH);
            let place = run.cursor.clone();
            Ok(match audit::months::drill(context.app, services, place, left).await? {
                Drilled::Unfinished(place) => Chunk { next: Some(place), ..Chunk::default() },
                Drilled::Nothing => Chunk::last(json!({"months": 0, "events": 0}))
                    .reporting(json!({"reason": "no month is in the archive"})),
                Drilled::Ended(report) => {
                    Chunk::last(json!({"months": 1, "events": report["rows"]})).reporting(report)
                }
            })
        }
        .boxed()
    }),
};
