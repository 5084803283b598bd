//! One step of a month's way to the archive.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{DbError, Meter, Param, Row, Sql, p, sql};
use wealth_http::{App, Problem, Result};

use super::natural;
use crate::services::Services;

/// Rows of a file; a file also ends at [`PART_BYTES`].
const PART_ROWS: u64 = 500_000;
/// Bytes of a file: all of it is in memory while it is made.
pub(super) const PART_BYTES: usize = 64 << 20;
/// How often the log is asked to let a month go, and how long it is left alone in between.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(250);
/// How long a statement on all of a month may take: its rows counted, an index made, its files
/// given back to the disk. Where a run has an end it takes no longer than that.
pub(super) const LONG: Duration = Duration::from_secs(600);
/// The shortest limit of one.
const SHORT: Duration = Duration::from_secs(1);

/// What a step did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A month is closed, and it is known what goes.
    Begun(NaiveDate),
    /// A file is in the archive.
    Wrote {
        /// The month.
        month: NaiveDate,
        /// Events in the file.
        rows: u64,
    },
    /// A log's part of a month is written, manifest and all.
    Written(NaiveDate),
    /// A file was read back, and is what was sealed.
    Verified(NaiveDate),
    /// A log's part of a month was read back, manifest and all.
    Proven(NaiveDate),
    /// A month has left the log.
    Detached(NaiveDate),
    /// A month has left the database.
    Dropped(NaiveDate),
    /// Nothing can be done now, and why.
    Waits(String),
}

/// The way to the archive.
pub struct Months<'a> {
    pub(super) app: &'a App,
    pub(super) services: &'a Services,
    pub(super) part_rows: u64,
    ends: Option<Instant>,
}

/// A log's turn.
pub(super) struct Turn {
    pub(super) month: NaiveDate,
    pub(super) tenant: Uuid,
    pub(super) rows: u64,
    pub(super) first_leaf: u64,
    pub(super) last_leaf: u64,
    pub(super) tree_size: u64,
    pub(super) note: String,
    pub(super) keep_until: DateTime<Utc>,
    pub(super) begun_at: DateTime<Utc>,
    pub(super) part: i32,
    /// The leaf behind which the next file begins, -1 at first.
    pub(super) after_leaf: i64,
}

impl Turn {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            month: row.get("month"),
            tenant: row.get("tenant_id"),
            rows: natural(row, "rows")?,
            first_leaf: natural(row, "first_leaf")?,
            last_leaf: natural(row, "last_leaf")?,
            tree_size: natural(row, "tree_size")?,
            note: row.get("note"),
            keep_until: row.get("keep_until"),
            begun_at: row.get("begun_at"),
            part: row.get("part"),
            after_leaf: row.get("after_leaf"),
        })
    }

    /// Whether every leaf of it is in a file.
    fn is_done(&self) -> bool {
        u64::try_from(self.after_leaf).is_ok_and(|after| after >= self.last_leaf)
    }
}

impl<'a> Months<'a> {
    /// The way of this platform.
    pub fn new(app: &'a App, services: &'a Services) -> Self {
        Self { app, services, part_rows: PART_ROWS, ends: None }
    }

    /// With statements that are over when the run ends: nobody would learn what became of them.
    #[must_use]
    pub fn ending(mut self, ends: Instant) -> Self {
        self.ends = Some(ends);
        self
    }

    /// With files of at most so many rows.
    #[must_use]
    pub fn with_part_rows(mut self, rows: u64) -> Self {
        self.part_rows = rows;
        self
    }

    /// Does the next step, of this month if one is given; none is left to do.
    ///
    /// # Errors
    /// `chain_broken` if log or archive is not what was sealed, else `dependency_unavailable`.
    pub async fn step(&self, only: Option<NaiveDate>) -> Result<Option<Step>> {
        match self.next(only).await {
            // Another run is at it, or events wait for their leaf.
            Err(problem) if problem.code() == &problem::STATE_CONFLICT => {
                Ok(Some(Step::Waits(problem.summary())))
            }
            other => other,
        }
    }

    async fn next(&self, only: Option<NaiveDate>) -> Result<Option<Step>> {
        let now = self.app.clock.now();
        let params = [p::timestamptz(&now), p::date(&only)];
        // Where somebody is under a hold, what the events of a month say is looked at.
        let rows = self.long(sql!("audit", "job_archive_next"), &params).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let (month, state): (NaiveDate, String) = (row.get("month"), row.get("state"));
        let step = match state.as_str() {
            "due" => self.begin(month, now).await?,
            "writing" => {
                let turn = Turn::read(row)?;
                if turn.is_done() {
                    self.put_manifest(&turn, now).await?;
                    Step::Written(month)
                } else {
                    Step::Wrote { month, rows: self.put_file(&turn, now).await? }
                }
            }
            "written" => {
                let turn = Turn::read(row)?;
                let file: Option<String> = row.get("path");
                match file {
                    Some(path) => {
                        self.verify_file(&turn, &path).await?;
                        Step::Verified(month)
                    }
                    None => {
                        let path: String = row.get("manifest_path");
                        self.verify_manifest(&turn, &path, row.get("manifest_sha256")).await?;
                        Step::Proven(month)
                    }
                }
            }
            "verified" => {
                self.goes(sql!("audit", "job_archive_detach"), month, Step::Detached(month)).await?
            }
            _ => self.goes(sql!("audit", "job_archive_drop"), month, Step::Dropped(month)).await?,
        };
        Ok(Some(step))
    }

    async fn begin(&self, month: NaiveDate, now: DateTime<Utc>) -> Result<Step> {
        let params = [p::date(&month), p::timestamptz(&now)];
        let rows = self.patiently(sql!("audit", "job_archive_begin"), &params).await?;
        let begun = rows.first().is_some_and(|row| row.get("begun"));
        Ok(if begun { Step::Begun(month) } else { Step::Waits("another run has begun".into()) })
    }

    async fn goes(&self, step: Sql, month: NaiveDate, done: Step) -> Result<Step> {
        let rows = self.patiently(step, &[p::date(&month)]).await?;
        let went = rows.first().is_some_and(|row| row.get("went"));
        let waits = || format!("{month} waits for a legal hold or an erasure to end");
        Ok(if went { done } else { Step::Waits(waits()) })
    }

    /// Asks for something of all of a month, and again while the log is busy: it waits a moment for
    /// its lock and no longer.
    pub(super) async fn patiently(&self, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>> {
        let mut tries = 0;
        loop {
            match self.long(sql, params).await {
                Err(error) if tries < TRIES && was_busy(&error) => {
                    tries += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                asked => return Ok(asked?),
            }
        }
    }

    /// Asks for something that takes as long as a month has rows.
    pub(super) async fn long(
        &self,
        sql: Sql,
        params: &[Param<'_>],
    ) -> std::result::Result<Vec<Row>, DbError> {
        let left = self.ends.map(|ends| ends.saturating_duration_since(Instant::now()));
        // A limit of nothing is none.
        let limit = left.map_or(LONG, |left| left.clamp(SHORT, LONG));
        self.app.db.long_query(limit, sql, params, &Meter::default()).await
    }

    pub(super) async fn query(&self, sql: Sql, params: &[Param<'_>]) -> Result<Vec<Row>> {
        self.app.db.system_query(sql, params, &Meter::default()).await.map_err(Problem::from)
    }
}

/// Whether a lock was not to be had in time.
fn was_busy(error: &DbError) -> bool {
    match error {
        DbError::Contention(_) => true,
        DbError::Timeout(Some(error)) => error.code().is_some_and(|code| code.code() == "55P03"),
        _ => false,
    }
}
