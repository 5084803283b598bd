//! One call of a job: what is due is noted, and every open run is worked at in its turn.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result};

use crate::registry::{Context, Job, Period, Scope};
use crate::run::{Outcome, go};
use crate::services::Services;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// When the job was due: the business dates follow from it, by each firm's calendar.
    pub scheduled: DateTime<Utc>,
    /// One firm; all without it.
    pub tenant: Option<Uuid>,
    /// One business date, again if it had failed, and what is open before it; without it what is due
    /// and not done.
    pub date: Option<NaiveDate>,
}

/// What came of a call.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The job's name.
    pub job: &'static str,
    /// Runs that were brought to their end.
    pub done: u32,
    /// Runs that others have, or that wait for another of theirs.
    pub busy: u32,
    /// Runs that are left to the next call for want of time.
    pub left: u32,
    /// What the runs counted, added up.
    pub counts: Map<String, Value>,
    /// Tenant, date and reason of each run that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// Each run that was worked at.
    #[serde(skip)]
    pub runs: Vec<End>,
}

/// How one run ended.
#[derive(Debug, Serialize)]
pub struct End {
    /// The firm; the nil UUID for the platform.
    pub tenant_id: Uuid,
    /// Its business date.
    pub business_date: NaiveDate,
    /// done, busy, earlier, left, waiting or failed.
    pub state: String,
    /// What it counted.
    pub counts: Value,
    /// What else there is to say: its report, or why it failed.
    pub report: Value,
}

/// Does what is due of `job`, beginning no chunk after `ends`. One firm's failure keeps no other
/// waiting: it stands in the report.
///
/// # Errors
/// When the database cannot be asked what is due, or the date or firm does not fit the job.
pub async fn run(
    app: &App,
    services: &Services,
    job: &'static Job,
    order: &Order,
    ends: Instant,
) -> Result<Report> {
    let (tenants, at) = match job.scope {
        Scope::Platform => (false, "0"),
        Scope::Tenants { at } => (true, at),
    };
    if (order.tenant.is_some() && !tenants) || (order.date.is_some() && job.period == Period::Turn)
    {
        return Err(unfit(job, order));
    }
    let period = job.period.name();
    let params = [
        p::text(&job.name),
        p::bool(&tenants),
        p::text(&job.zone),
        p::text(&at),
        p::text(&period),
        p::int4(&job.catch_up),
        p::timestamptz(&order.scheduled),
        p::uuid(&order.tenant),
        p::date(&order.date),
    ];
    let open = app.db.system_query(sql!("jobs", "open_runs"), &params, &Meter::default()).await?;
    let context = Context { app, services, ends };
    let mut report = Report::of(job);
    for row in open {
        let (tenant, id): (Uuid, Uuid) = (row.get("tenant_id"), row.get("run_id"));
        let date: NaiveDate = row.get("business_date");
        let outcome = match Instant::now() < ends {
            true => go(&context, job, tenant, id).await?,
            false => Outcome::Left,
        };
        report.add(tenant, date, outcome);
    }
    Ok(report)
}

fn unfit(job: &Job, order: &Order) -> Problem {
    let (pointer, text) = match order.date {
        Some(_) if job.period == Period::Turn => {
            ("/date", "it does what there is to do, of no date")
        }
        _ => ("/tenant_id", "it is the platform's and no firm's"),
    };
    wealth_core::violations::Violations::one(pointer, "not_applicable", text).into()
}

impl Report {
    fn of(job: &Job) -> Self {
        let (counts, failed, runs) = (Map::new(), Vec::new(), Vec::new());
        Self { job: job.name, done: 0, busy: 0, left: 0, counts, failed, runs }
    }

    fn add(&mut self, tenant: Uuid, date: NaiveDate, outcome: Outcome) {
        let (state, counts, report) = match outcome {
            Outcome::Done { counts, report } => {
                self.done += 1;
                self.sum(&counts);
                ("done".to_owned(), counts, report)
            }
            Outcome::Busy(state) => {
                self.busy += 1;
                (state, Value::Null, Value::Null)
            }
            Outcome::Left => {
                self.left += 1;
                ("left".to_owned(), Value::Null, Value::Null)
            }
            Outcome::Failed { state, why } => {
                self.failed.push(format!("{tenant} {date}: {why}"));
                (state, Value::Null, json!({ "error": why }))
            }
        };
        self.runs.push(End { tenant_id: tenant, business_date: date, state, counts, report });
    }

    fn sum(&mut self, counts: &Value) {
        for (name, count) in counts.as_object().into_iter().flatten() {
            let before = self.counts.get(name).and_then(Value::as_i64).unwrap_or(0);
            self.counts.insert(name.clone(), json!(before + count.as_i64().unwrap_or(0)));
        }
    }
}
