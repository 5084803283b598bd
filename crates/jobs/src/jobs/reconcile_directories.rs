//! The nightly comparison with the directories of the firms (S0-140). It keeps an account of its own
//! for each firm and day, and goes on where the last turn stopped (limits of the directory, large
//! firms): most turns find nothing left to do.

use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "reconcile-directories",
    about: "Compares each firm's people and groups with its directory and repairs what was lost.",
    schedule: "cron(*/5 1-5 * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| {
        async {
            let users = context.services.users().await?;
            let reports = users::jobs::compare(context.app, users, run.id, None).await?;
            let done = Chunk::last(json!({"tenants": reports.len()}));
            Ok(done.reporting(json!({ "directories": reports })))
        }
        .boxed()
    }),
};
