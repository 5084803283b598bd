//! The lists for whoever looks after the database (S4-97, S4-98, S4-99): each a run's report.

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

const fn report(
    name: &'static str,
    about: &'static str,
    schedule: &'static str,
    period: Period,
) -> Job {
    let work = Work::Sql(sql!("jobs", "report_health"));
    // A list of a day that is gone cannot be made any more.
    Job {
        name,
        about,
        schedule,
        zone: "UTC",
        scope: Scope::Platform,
        period,
        catch_up: 0,
        chunk: 1,
        work,
    }
}

pub(super) const DAILY: Job = report(
    "report-daily",
    "Reports connections, slow statements, growth of tables, archiving and failed jobs.",
    "cron(0 6 * * ? *)",
    Period::Day,
);
pub(super) const WEEKLY: Job = report(
    "report-weekly",
    "Reports indexes to rebuild or drop, tables read from end to end, dead rows and old statistics.",
    "cron(5 6 ? * MON *)",
    Period::Week,
);
pub(super) const MONTHLY: Job = report(
    "report-monthly",
    "Reports who may log in and as what, missing fences, and settings that differ.",
    "cron(10 6 1 * ? *)",
    Period::Month,
);
