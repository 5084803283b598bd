//! The end of rate history (S0-134): once a month, by each firm's own calendar, what has been kept long enough is put on a
//! list that somebody approves; `dispose-records` disposes of what was approved.

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "clean-up-rates",
    about: "Proposes, firm by firm, which rate history has been kept for its seven years and may go.",
    schedule: "cron(35 * * * ? *)",
    zone: "UTC",
    scope: Scope::Tenants { at: "03:00:00" },
    period: Period::Month,
    // The next month's list has what this one's would have had.
    catch_up: 0,
    chunk: 10_000,
    work: Work::Sql(sql!("jobs", "clean_up_rates")),
};
