//! Where a rehearsal is, and until when it goes on.

use std::time::{Duration, Instant};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wealth_core::audit::Hash;

use crate::months::manifest::sha256;

/// Where a rehearsal is. Everything in it agrees with the table as long as nobody was interrupted, which
/// the table's number of events tells.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) month: NaiveDate,
    pub(super) drill_id: Uuid,
    /// Logs that are through.
    pub(super) logs: usize,
    /// Files of the present log that are in the table, and events of the file after them that are.
    pub(super) files: usize,
    pub(super) taken: u64,
    /// The leaf up to which the present log was read again.
    pub(super) after: i64,
    /// What was loaded so far, of all logs.
    pub(super) rows: u64,
    pub(super) all_files: u64,
    pub(super) bytes: u64,
    pub(super) milliseconds: u64,
    /// The leaves of the files, which were held against the sealed tree, in one hash, and those that
    /// were made anew of what the table has.
    pub(super) sealed: Hash,
    pub(super) found: Hash,
}

/// When to stop.
#[derive(Clone, Copy)]
pub(super) struct Time {
    pub(super) started: Instant,
    pub(super) enough: Duration,
}

impl Time {
    pub(super) fn is_over(self) -> bool {
        self.started.elapsed() > self.enough
    }
}

impl Place {
    pub(super) fn first(month: NaiveDate, drill_id: Uuid) -> Self {
        let nothing = Hash([0; 32]);
        Self {
            month,
            drill_id,
            logs: 0,
            files: 0,
            taken: 0,
            after: -1,
            rows: 0,
            all_files: 0,
            bytes: 0,
            milliseconds: 0,
            sealed: nothing,
            found: nothing,
        }
    }
}

/// One hash over a sequence: that of the hash before and the next one.
pub(super) fn folded(before: Hash, next: Hash) -> Hash {
    sha256(&[before.0, next.0].concat())
}
