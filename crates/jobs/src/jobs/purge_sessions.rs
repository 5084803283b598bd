//! Forgetting what is long over (S4-47), and retiring signing keys whose last token is over.

use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "purge-sessions",
    about: "Forgets sessions 30 days after their end or as much later as the firm asks, old one-time tokens and counters; retires signing keys.",
    schedule: "rate(1 hour)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| {
        async {
            let users = context.services.users().await?;
            let after = run.cursor.as_ref().and_then(|cursor| cursor["tenant_id"].as_str());
            let after = after.and_then(|id| id.parse().ok());
            let purged = users::jobs::purge(context.app, users, run.id, after).await?;
            let report = match purged.failed.is_empty() {
                true => Value::Null,
                false => json!({"alarm": format!("not purged: {}", purged.failed.join("; "))}),
            };
            let next = purged.next.map(|tenant| json!({ "tenant_id": tenant }));
            Ok(Chunk { next, ..Chunk::last(purged.counts).reporting(report) })
        }
        .boxed()
    }),
};
