//! The event of a schedule: which job, and when it was due.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::json as strict;
use wealth_core::violations::Violations;
use wealth_http::{App, Problem, Result};

use crate::registry::{Job, find};
use crate::runner::{Order, run};
use crate::services::Services;

/// How far ahead of our clock an event's may be. Further ahead it would use up days to come.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "detail-type")]
    detail_type: String,
    /// When the schedule was due, whenever this is delivered.
    time: DateTime<Utc>,
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    job: String,
    /// One firm; all without it.
    #[serde(default)]
    tenant_id: Option<Uuid>,
    /// One business date; what is due without it.
    #[serde(default)]
    date: Option<NaiveDate>,
}

/// Handles one event, beginning nothing new after `ends`. An error makes Lambda deliver it again and
/// in the end put it aside, and names what is wrong.
pub fn on_event(
    app: App,
    services: Services,
    event: Value,
    ends: Instant,
) -> BoxFuture<'static, Result<Value, Problem>> {
    async move {
        // What the caller of HTTP would read has to stand in the error: an event gets no answer.
        handle(&app, &services, event, ends).await.map_err(|problem| {
            let text = problem.summary();
            problem.because(text)
        })
    }
    .boxed()
}

async fn handle(app: &App, services: &Services, event: Value, ends: Instant) -> Result<Value> {
    let event: Event = strict::from_value(event).map_err(Problem::from)?;
    let job = named(&event)?;
    if event.time > app.clock.now() + AHEAD {
        return Err(Violations::one("/time", "out_of_range", "has not come yet").into());
    }
    let Detail { tenant_id, date, .. } = event.detail;
    let order = Order { scheduled: event.time, tenant: tenant_id, date };
    let report = run(app, services, job, &order, ends).await?;
    if report.failed.is_empty() {
        return Ok(json!(report));
    }
    Err(Problem::unavailable(format!("{}: {}", job.name, report.failed.join("; "))))
}

fn named(event: &Event) -> Result<&'static Job> {
    if event.detail_type != "RunJob" {
        return Err(Violations::one("/detail-type", "unknown_value", "must be RunJob").into());
    }
    find(&event.detail.job).ok_or_else(|| {
        Violations::one("/detail/job", "unknown_value", "there is no such job").into()
    })
}
