//! What is counted for each day once it is over (S0-91, S0-113).

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "refresh-roll-ups",
    about: "Counts the business date that ended, for every function reporting.roll_up_….",
    schedule: "cron(3/15 * * * ? *)",
    zone: "UTC",
    // Half an hour after midnight, so that what began before it has been committed.
    scope: Scope::Tenants { at: "24:30:00" },
    period: Period::Day,
    catch_up: 366,
    chunk: 1,
    work: Work::Sql(sql!("jobs", "refresh_roll_ups")),
};
