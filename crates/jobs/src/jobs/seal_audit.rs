//! Sealing the audit log: every event is given its leaf, and the head of the tree is signed and archived.

use std::time::{Duration, Instant};

use audit::Sealed;
use futures_util::FutureExt;
use serde_json::{Value, json};

use crate::registry::{Chunk, Job, Period, Scope, Work};

/// The next minute's turn goes on. It has to find this one over, and so does the alarm on a silence.
const ENOUGH: Duration = Duration::from_secs(45);
/// How many seconds an event may wait for its leaf: as long as sealing may be silent.
const LATE: i64 = 900;

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
            let ends = context.ends.min(Instant::now() + ENOUGH);
            let sealed = audit::seal(context.app, context.services.audit().await?, ends).await?;
            let counts = json!({"logs": sealed.logs, "leaves": sealed.leaves});
            Ok(Chunk::last(counts).reporting(report(sealed)))
        }
        .boxed()
    }),
};

/// How far sealing is behind, if time did not suffice for all.
fn report(sealed: Sealed) -> Value {
    match sealed.waited {
        None => json!({}),
        Some(waited) if waited <= LATE => json!({"waited_seconds": waited}),
        Some(waited) => json!({"waited_seconds": waited, "alarm":
            format!("sealing is behind: an event of the audit log has waited {waited} s for its leaf")}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealing_that_is_a_quarter_of_an_hour_behind_rings() {
        let told = |waited| report(Sealed { waited, ..Sealed::default() });
        assert_eq!(told(None), json!({}));
        assert_eq!(told(Some(900)), json!({"waited_seconds": 900}));
        let alarm = "sealing is behind: an event of the audit log has waited 901 s for its leaf";
        assert_eq!(told(Some(901)), json!({"waited_seconds": 901, "alarm": alarm}));
    }
}
