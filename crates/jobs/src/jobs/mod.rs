//! One file for each job.

mod activate_rates;
mod analyze_tables;
mod archive_audit;
mod catch_up;
mod clean_up_rates;
mod dispose_records;
mod drill_restore;
mod erase_audit;
mod make_audit_partitions;
mod pull_rate_feeds;
mod purge_idempotency_keys;
mod purge_runs;
mod purge_sessions;
mod reconcile_directories;
mod refresh_roll_ups;
mod reports;
mod rotate_signing_keys;
mod seal_audit;
mod send_mail;
mod turn_availability;

use crate::registry::Job;

/// Every job, in the order of the documentation.
pub static JOBS: &[Job] = &[
    seal_audit::JOB,
    send_mail::JOB,
    activate_rates::JOB,
    turn_availability::JOB,
    pull_rate_feeds::JOB,
    reconcile_directories::JOB,
    rotate_signing_keys::JOB,
    refresh_roll_ups::JOB,
    make_audit_partitions::JOB,
    archive_audit::JOB,
    drill_restore::JOB,
    clean_up_rates::JOB,
    dispose_records::JOB,
    erase_audit::JOB,
    purge_sessions::JOB,
    purge_idempotency_keys::JOB,
    purge_runs::JOB,
    analyze_tables::JOB,
    reports::DAILY,
    reports::WEEKLY,
    reports::MONTHLY,
    catch_up::JOB,
];
