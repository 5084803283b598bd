//! The daily turn of scheduled rates. Which rate is in force follows from dates alone; this turns over
//! what mirrors it (the product's own columns, hence lists and searches) when a firm's day begins.
//! Every time zone is a multiple of 15 minutes off UTC, so that one minute past each quarter is just
//! after midnight somewhere. A rate that was put while midnight passed is found by the next turn.

use futures_util::FutureExt;
use serde_json::json;

use crate::registry::{Chunk, Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "activate-rates",
    about: "Turns over the rates whose day has come, firm by firm, by each firm's own calendar.",
    schedule: "cron(1/15 * * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 0,
    work: Work::Code(|context, run| {
        async {
            let turned = rates::jobs::activate(context.app, run.id).await?;
            Ok(Chunk::last(json!({"tenants": turned.tenants, "products": turned.products})))
        }
        .boxed()
    }),
};
