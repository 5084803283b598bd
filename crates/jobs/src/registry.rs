//! What a job is: a line of data and the work of one chunk.

use std::time::Instant;

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::BoxFuture;
use serde_json::{Map, Value};
use uuid::Uuid;
use wealth_db::Sql;
use wealth_http::{App, Result};

use crate::jobs::JOBS;
use crate::schedule::Schedule;
use crate::services::Services;

/// A job, as the registry, `infra/events.yaml` and `docs/jobs.md` have it.
pub struct Job {
    /// Its name: of the schedule, the event, the rows and the command line.
    pub name: &'static str,
    /// What it does, for operators.
    pub about: &'static str,
    /// When it is due, as EventBridge Scheduler spells it.
    pub schedule: &'static str,
    /// The time zone of the schedule, and of the business date of what concerns no tenant.
    pub zone: &'static str,
    /// Whose it is.
    pub scope: Scope,
    /// How often it is done.
    pub period: Period,
    /// How many missed periods are done one by one, in their order; 0 for those whose last time does
    /// the work of all.
    pub catch_up: i32,
    /// The bound of a chunk, in what the job counts; 0 where the work bounds itself.
    pub chunk: i32,
    pub(crate) work: Work,
}

/// Whose a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The platform's: one run for all firms.
    Platform,
    /// One run for each firm.
    Tenants {
        /// How long after midnight of the firm's own clock its date is due, as `HH:MM:SS`; with 24
        /// hours and more it is the date before.
        at: &'static str,
    },
}

/// How often a job is done for one tenant or the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Whenever its schedule calls: it does what there is to do.
    Turn,
    /// Once for each business date.
    Day,
    /// Once a week, which begins on Monday.
    Week,
    /// Once a month.
    Month,
    /// Once a quarter of a year.
    Quarter,
}

/// How a chunk is done.
pub(crate) enum Work {
    /// By a SQL function that does the chunk and notes its place in one transaction.
    Sql(Sql),
    /// By a function of the context that owns it, which is harmless to repeat.
    Code(for<'a> fn(&'a Context<'a>, &'a Run) -> BoxFuture<'a, Result<Chunk>>),
}

/// What the work of a chunk may use.
pub(crate) struct Context<'a> {
    pub(crate) app: &'a App,
    pub(crate) services: &'a Services,
    /// When to stop beginning anything.
    pub(crate) ends: Instant,
}

/// A run in this process's hands.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) tenant: Uuid,
    /// Also the request id of everything that the run does: every delivery's the same.
    pub(crate) id: Uuid,
    pub(crate) epoch: i32,
    pub(crate) date: NaiveDate,
    pub(crate) cursor: Option<Value>,
}

/// What a chunk did.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// Where the next one begins; none after the last.
    pub(crate) next: Option<Value>,
    /// Numbers, added up over the chunks of a run.
    pub(crate) counts: Map<String, Value>,
    /// Anything else to report; a member `alarm` rings.
    pub(crate) report: Map<String, Value>,
}

/// Failures after which a run is given up.
pub(crate) const ATTEMPTS: i32 = 3;

impl Period {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Turn => "turn",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }
}

impl Job {
    /// The schedule, understood; none if it is not well formed, which a test rules out.
    pub fn schedule(&self) -> Option<Schedule> {
        Schedule::parse(self.schedule)
    }

    /// When it was due last.
    pub fn due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.schedule()?.last(now)
    }
}

/// The job of this name.
pub fn find(name: &str) -> Option<&'static Job> {
    JOBS.iter().find(|job| job.name == name)
}

impl Chunk {
    /// A chunk that was the last one.
    pub(crate) fn last(counts: Value) -> Self {
        Self { counts: object(counts), ..Self::default() }
    }

    /// The same with something to report.
    pub(crate) fn reporting(mut self, report: Value) -> Self {
        self.report = object(report);
        self
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_job_has_a_name_of_its_own_and_a_schedule() {
        let names: BTreeSet<&str> = JOBS.iter().map(|job| job.name).collect();
        assert_eq!(names.len(), JOBS.len());
        for job in JOBS {
            assert!(job.schedule().is_some(), "{}: {}", job.name, job.schedule);
            assert!(job.about.ends_with('.') && job.chunk >= 0, "{}", job.name);
            // The local evaluation of schedules and the scheduler's must be one.
            assert_eq!(job.zone, "UTC", "{}", job.name);
            assert!(job.period != Period::Turn || job.catch_up == 0, "{}", job.name);
        }
    }
}
