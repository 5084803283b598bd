//! Sending the mail that is queued with what it speaks of. Two runs at once send different mails.

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

/// The next minute's turn goes on; the last batch may take most of a minute more.
const ENOUGH: Duration = Duration::from_secs(45);

pub(super) const JOB: Job = Job {
    name: "send-mail",
    about: "Sends the mail that is queued; what cannot be sent now waits for a later turn.",
    schedule: "rate(1 minute)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, _| {
        async {
            let users = context.services.users().await?;
            let ends = context.ends.min(Instant::now() + ENOUGH);
            Ok(Chunk::last(json!(users::mail::drain(context.app, users, ends).await?)))
        }
        .boxed()
    }),
};
