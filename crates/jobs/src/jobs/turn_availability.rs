//! Windows of availability that open or close with a business date (S0-138). What is on sale follows
//! from the dates alone; the audit log tells of it, once.

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "turn-availability",
    about: "Records which products' windows of availability opened today and which closed yesterday.",
    schedule: "cron(2/15 * * * ? *)",
    zone: "UTC",
    scope: Scope::Tenants { at: "00:00:00" },
    period: Period::Day,
    catch_up: 366,
    chunk: 500,
    work: Work::Sql(sql!("jobs", "turn_availability")),
};
