//! The planner's statistics (S0-131, S1-55, S2-44).

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "analyze-tables",
    about: "Renews the planner's statistics of every table, partitioned parents included.",
    schedule: "cron(0 3 ? * SUN *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Week,
    catch_up: 0,
    chunk: 5,
    work: Work::Sql(sql!("jobs", "analyze_tables")),
};
