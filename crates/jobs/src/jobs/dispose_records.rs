//! The end of records: what is due is proposed, and what two people agreed on is disposed of.

use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "dispose-records",
    about: "Proposes what else has reached the end of its retention, and disposes of what two people agreed on.",
    schedule: "cron(20 3 * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, _| {
        async {
            let swept = audit::sweep(context.app).await?;
            let counts = json!({"proposed": swept.proposed, "disposed": swept.disposed,
                "kept": swept.kept, "certified": swept.certified});
            Ok(Chunk { next: swept.more.then(|| json!({})), ..Chunk::last(counts) })
        }
        .boxed()
    }),
};
