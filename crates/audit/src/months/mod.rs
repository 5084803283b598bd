//! Months that are older than the hot period leave the database for the archive (S0-133, S2-58,
//! S4-124, X-14; docs/adr/0018).
//!
//! A month goes through `writing`, `written`, `verified`, `detached`, `dropped`, and each step is
//! committed before the next one begins: a run may die anywhere, and whoever runs next goes on. The
//! events leave the database last, after every file was read back and each of its events was hashed
//! again and held against the sealed tree.

mod check;
mod drill;
mod find;
mod keys;
pub mod manifest;
mod put;
mod restore;
mod step;
pub mod tree;

use std::time::Duration;

use chrono::NaiveDate;
use wealth_db::{Meter, Row, sql};
use wealth_http::{App, Problem, Result};

pub use self::check::{Contents, FileError};
pub use self::drill::{Drilled, drill};
pub use self::find::{Filter, months_of};
pub use self::keys::keys_of;
pub use self::restore::{release, restore};
pub use self::step::{Months, Step};

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archived {
    /// Events that were written to the archive.
    pub rows: u64,
    /// Months that left the database.
    pub dropped: Vec<NaiveDate>,
    /// Why a month waits, if one does.
    pub waiting: Option<String>,
    /// Whether the run ended because its time was over, and another one has to go on.
    pub unfinished: bool,
}

/// Archives what is due, or one month, for about as long as it may take.
///
/// # Errors
/// `chain_broken` if the log or the archive is not what was sealed, else `dependency_unavailable`.
pub async fn run(
    months: &Months<'_>,
    only: Option<NaiveDate>,
    enough: Duration,
) -> Result<Archived> {
    let started = std::time::Instant::now();
    let mut done = Archived::default();
    loop {
        match months.step(only).await? {
            None => return Ok(done),
            Some(Step::Waits(why)) => {
                done.waiting = Some(why);
                return Ok(done);
            }
            Some(Step::Wrote { rows, .. }) => done.rows += rows,
            Some(Step::Dropped(month)) => {
                tracing::info!(%month, "a month of the audit log left the database");
                done.dropped.push(month);
            }
            Some(_) => {}
        }
        if started.elapsed() > enough {
            done.unfinished = true;
            return Ok(done);
        }
    }
}

/// How far a month is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Which one, by its first day.
    pub month: NaiveDate,
    /// `writing`, `written`, `verified`, `detached`, `dropped`, `restoring` or `restored`.
    pub state: String,
    /// How many logs have events in it.
    pub logs: usize,
    /// How many events the archive has.
    pub rows: u64,
    /// In how many bytes.
    pub bytes: u64,
    /// Whether something holds it back.
    pub held: bool,
}

/// How far each month is, newest first.
///
/// # Errors
/// The database does not answer.
pub async fn list(app: &App) -> Result<Vec<Month>> {
    let all = sql!("audit", "job_archive_months");
    let rows = app.db.long_query(step::LONG, all, &[], &Meter::default()).await?;
    let one = |row: &Row| {
        let tenants: Vec<uuid::Uuid> = row.get("tenants");
        Ok(Month {
            month: row.get("month"),
            state: row.get("state"),
            logs: tenants.len(),
            rows: natural(row, "rows")?,
            bytes: natural(row, "bytes")?,
            held: row.get("held"),
        })
    };
    rows.iter().map(one).collect()
}

/// The name of a month: `2025-10`.
pub fn name(month: NaiveDate) -> String {
    month.format("%Y-%m").to_string()
}

fn natural(row: &Row, column: &str) -> Result<u64, Problem> {
    crate::row::natural(row.get(column))
}
