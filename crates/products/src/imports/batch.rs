//! Some rows of a file on their way into the database.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wealth_core::import::RowError;

/// How many rows came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Products that are new.
    pub created: u64,
    /// Products or rates that changed.
    pub updated: u64,
    /// Rows that say what was there already.
    pub unchanged: u64,
    /// Rows whose rate waits for a second person; the rest of the row is loaded.
    pub quarantined: u64,
    /// Rows left out, each with its errors.
    pub failed: u64,
}

impl Counts {
    /// All rows.
    pub const fn total(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.quarantined + self.failed
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.quarantined += other.quarantined;
        self.failed += other.failed;
    }
}

/// Rows that are loaded by one statement, and the bad ones between them.
#[derive(Debug, Default)]
pub struct Batch {
    /// Line at which the run stood before it.
    pub first_line: u64,
    /// Line at which it stands after it.
    pub next_line: u64,
    /// The good rows, an array as the database reads it.
    pub rows: Value,
    /// What was wrong with the others.
    pub errors: Vec<RowError>,
    /// How many rows were bad.
    pub failed: u64,
}
