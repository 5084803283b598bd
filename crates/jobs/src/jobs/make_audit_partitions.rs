//! Months of the audit log, made before they are needed (S2-30, C2-03): an event without its month
//! could not be written, and nothing happens without its event.

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "make-audit-partitions",
    about: "Makes the audit log's partitions up to the sixth month ahead; rings when fewer than three were there.",
    schedule: "cron(15 0 * * ? *)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Day,
    catch_up: 0,
    chunk: 1,
    work: Work::Sql(sql!("jobs", "make_audit_partitions")),
};
