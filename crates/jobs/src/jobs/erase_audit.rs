//! Erasure of the audit log: what events tell about a person is destroyed, their proofs stay.

use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "erase-audit",
    about: "Erases from the audit log what executed erasure requests ask for, and certifies it.",
    schedule: "rate(5 minutes)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, _| {
        async {
            let shredded = audit::shred(context.app).await?;
            let counts = json!({"erasures": shredded.erasures, "events": shredded.events});
            Ok(Chunk { next: shredded.more.then(|| json!({})), ..Chunk::last(counts) })
        }
        .boxed()
    }),
};
