//! Runs that are long over.

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "purge-runs",
    about: "Forgets turns after a week, failed runs after a year and runs of a date after two.",
    schedule: "cron(40 2 * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Day,
    catch_up: 0,
    chunk: 5_000,
    work: Work::Sql(sql!("jobs", "purge_runs")),
};
