//! Sealing the audit log: every event is given its leaf, and the head of the tree is signed and archived.

use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "seal-audit",
    about: "Gives every audit event its leaf, signs the heads of the logs and archives them.",
    schedule: "rate(1 minute)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, _| {
        async {
            let sealed = audit::seal(context.app, context.services.audit().await?).await?;
            Ok(Chunk::last(json!({"logs": sealed.logs, "leaves": sealed.leaves})))
        }
        .boxed()
    }),
};
