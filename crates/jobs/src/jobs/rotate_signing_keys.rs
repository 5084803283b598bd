//! The key that was published as the next one signs from now on. Once a month, under the run's id:
//! Secrets Manager takes a version of one name once.

use futures_util::FutureExt;
use serde_json::json;
use users::keys::Rotation;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "rotate-signing-keys",
    about: "Lets the published next key sign the platform's tokens, and makes a new next one.",
    schedule: "cron(0 4 1 * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Month,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| {
        async {
            let users = context.services.users().await?;
            let rotation = users.keys.rotate(context.app, run.id).await?;
            let retired = users.keys.retire(context.app).await?;
            let rotated = i32::from(rotation == Rotation::Done);
            let reason = match rotation {
                Rotation::Done => None,
                Rotation::Before => Some("this run did it before"),
                Rotation::Fixed => Some("the keys of this machine are fixed"),
                Rotation::TooYoung => Some("the next key was made known less than 15 minutes ago"),
            };
            let done = Chunk::last(json!({"rotated": rotated, "retired_keys": retired}));
            Ok(done.reporting(json!({ "reason": reason })))
        }
        .boxed()
    }),
};
