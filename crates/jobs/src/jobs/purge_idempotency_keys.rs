//! Stored answers whose day is over.

use wealth_db::sql;

use crate::registry::{Job, Period, Scope, Work};

pub(super) const JOB: Job = Job {
    name: "purge-idempotency-keys",
    about: "Deletes the stored answers of Idempotency-Keys that have expired.",
    schedule: "rate(1 hour)",
    zone: "UTC",
    scope: Scope::Platform,
    period: Period::Turn,
    catch_up: 0,
    chunk: 5_000,
    work: Work::Sql(sql!("jobs", "purge_idempotency_keys")),
};
