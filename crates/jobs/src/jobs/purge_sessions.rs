//! Forgetting what is long over (S4-47), and retiring signing keys whose last token is over.

use futures_util::FutureExt;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "purge-sessions",
    about: "Forgets sessions 30 days after their end, old one-time tokens and counters; retires signing keys.",
    schedule: "rate(1 hour)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| {
        async {
            let users = context.services.users().await?;
            Ok(Chunk::last(users::jobs::purge(context.app, users, run.id).await?))
        }
        .boxed()
    }),
};
